#include "vendor/detail/sse_source.hpp"

namespace vendor::detail {

SseSource::SseSource(http::ClientResponse response, std::size_t event_bytes)
    : response_(std::move(response)), event_bytes_(event_bytes), reader_(event_bytes) {}

base::Async<std::optional<std::string>> SseSource::next(base::SteadyTime deadline) {
  while (true) {
    while (const auto event = reader_.next()) {
      if (event->id) last_event_id_ = *event->id;
      if (event->retry_ms) retry_ = std::chrono::milliseconds(*event->retry_ms);
      if (event->id || !event->data.empty()) ++events_;
      const bool is_message = event->event.empty() || event->event == "message";
      // An event with an id and no data primes the client to resume (2025-11-25 basic/transports).
      if (is_message && !event->data.empty()) co_return std::string(event->data);
    }
    const auto bytes = co_await response_.read_some(deadline);
    if (!bytes) co_return std::unexpected(bytes.error());
    if (bytes->empty()) co_return std::nullopt;
    if (auto fed = reader_.feed(*bytes); !fed) co_return std::unexpected(std::move(fed).error());
  }
}

void SseSource::resume(http::ClientResponse response) {
  response_ = std::move(response);
  reader_ = http::SseReader(event_bytes_);
}

}  // namespace vendor::detail
