#include "gateway/detail/stream_reader.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/asio/post.hpp>

#include "http/sse.hpp"

namespace gateway {
namespace {

namespace asio = boost::asio;

std::function<void()> waker(std::shared_ptr<http::Exchange*> target, base::Executor executor) {
  return [target = std::move(target), executor] {
    asio::post(executor, [target] {
      if (*target != nullptr) (*target)->interrupt();
    });
  };
}

}  // namespace

const http::Response& stream_head() {
  static const auto head = [] {
    auto made = http::Response::empty(200);
    made.headers.add("Content-Type", "text/event-stream");
    made.headers.add("Cache-Control", "no-cache, no-transform");
    made.headers.add("X-Accel-Buffering", "no");
    return made;
  }();
  return head;
}

std::string retry_field(std::chrono::milliseconds retry) { return fmt::format("retry: {}\n\n", retry.count()); }

bool knows_priming(const Session& session) { return session.record().protocol_version >= "2025-11-25"; }

std::string opening_events(std::string_view retry_field, const Session& session, const EventStream& stream) {
  std::string opening(retry_field);
  if (knows_priming(session)) http::append_sse_event(opening, stream.resume_id(), "");
  return opening;
}

base::Task<bool> send_text(http::Exchange& exchange, std::string_view text) {
  const std::array<std::string_view, 1> pieces{text};
  auto sent = co_await exchange.write(pieces);
  co_return sent.has_value();
}

StreamReader::StreamReader(http::Exchange& exchange, base::Executor executor, std::shared_ptr<EventStream> stream,
                           std::optional<std::uint64_t> after)
    : exchange_(exchange),
      target_(std::make_shared<http::Exchange*>(&exchange)),
      stream_(std::move(stream)),
      number_(stream_->attach(waker(target_, executor), after)) {}

StreamReader::~StreamReader() {
  stream_->detach(number_);
  *target_ = nullptr;
}

base::Task<StreamReader::End> StreamReader::run(std::chrono::milliseconds ping_interval) {
  auto next_ping = std::chrono::steady_clock::now() + ping_interval;
  while (true) {
    auto taken = stream_->take(number_);
    if (!taken.text.empty()) {
      if (!co_await send_text(exchange_, taken.text)) co_return End::gone;
      next_ping = std::chrono::steady_clock::now() + ping_interval;
      continue;
    }
    if (taken.phase != EventStream::Phase::open) co_return End::over;
    if (exchange_.draining()) co_return End::draining;
    if (std::chrono::steady_clock::now() >= next_ping) {
      if (stream_->muted()) co_return End::over;
      if (!co_await send_text(exchange_, http::kSsePing)) co_return End::gone;
      next_ping = std::chrono::steady_clock::now() + ping_interval;
      continue;
    }
    if (co_await exchange_.peer_closed(next_ping)) co_return End::gone;
  }
}

}  // namespace gateway
