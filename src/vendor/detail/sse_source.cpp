#include "vendor/detail/sse_source.hpp"

#include <utility>

namespace vendor::detail {
namespace {

constexpr std::string_view kMessage = "message";

}  // namespace

SseSource::SseSource(http::ClientResponse response, std::size_t event_bytes)
    : response_(std::move(response)), event_bytes_(event_bytes), reader_(event_bytes) {}

base::Async<std::optional<std::string>> SseSource::next(base::SteadyTime deadline) {
  while (true) {
    auto event = co_await next_event(deadline);
    if (!event) co_return std::move(event).failure();
    if (!*event) co_return std::nullopt;
    if ((*event)->type == kMessage) co_return std::move((*event)->data);
  }
}

std::optional<std::string> SseSource::at_hand() {
  while (true) {
    while (auto event = take()) {
      if (event->type == kMessage) return std::move(event->data);
    }
    auto piece = read_ ? std::nullopt : response_.piece_at_hand();
    if (!piece) return std::nullopt;
    auto fed = feed(*std::move(piece));
    if (fed && *fed) continue;
    read_ = std::move(fed);
    return std::nullopt;
  }
}

base::Async<std::optional<std::string>> SseSource::next_before_silence(std::chrono::milliseconds quiet) {
  while (true) {
    while (auto event = take()) {
      if (event->type == kMessage) co_return std::move(event->data);
    }
    const auto more = co_await read(std::chrono::steady_clock::now() + quiet);
    if (!more) co_return more.failure();
    if (!*more) co_return std::nullopt;
  }
}

base::Async<std::optional<SseSource::Event>> SseSource::next_event(base::SteadyTime deadline) {
  while (true) {
    if (auto event = take()) co_return event;
    const auto more = co_await read(deadline);
    if (!more) co_return more.failure();
    if (!*more) co_return std::nullopt;
  }
}

std::optional<SseSource::Event> SseSource::take() {
  while (auto event = reader_.next()) {
    if (event->id) last_event_id_ = *std::move(event->id);
    if (event->retry_ms) retry_ = std::chrono::milliseconds(*event->retry_ms);
    if (event->id || !event->data.empty()) ++events_;
    // An event with an id and no data primes the client to resume (2025-11-25 basic/transports).
    if (event->data.empty()) continue;
    if (event->event.empty()) event->event = kMessage;
    return Event{std::move(event->event), std::move(event->data)};
  }
  return std::nullopt;
}

base::Async<bool> SseSource::read(base::SteadyTime deadline) {
  if (read_) co_return *std::exchange(read_, std::nullopt);
  co_return feed(co_await response_.read_some(deadline));
}

base::Result<bool> SseSource::feed(base::Result<std::string_view> bytes) {
  if (!bytes) return std::move(bytes).failure();
  if (bytes->empty()) return false;
  if (auto fed = reader_.feed(*bytes); !fed) return std::move(fed).failure();
  return true;
}

void SseSource::resume(http::ClientResponse response) {
  response_ = std::move(response);
  read_.reset();
  reader_ = http::SseReader(event_bytes_);
}

}  // namespace vendor::detail
