#include "gateway/event_stream.hpp"

#include <charconv>

#include "base/encoding.hpp"
#include "http/sse.hpp"
#include "json/document.hpp"

namespace gateway {
namespace {

// A client may name its requests as it likes; a longer name is not carried about.
constexpr std::size_t kLongestRequestId = 256;

// The JSON token of a request id out of an event id: whatever a client made of it, a string or a number.
std::string request_id_of(std::string_view encoded) {
  const auto bytes = base::from_base64url(encoded);
  if (!bytes || bytes->size() > kLongestRequestId) return {};
  boost::system::error_code bad;
  const auto value = boost::json::parse(base::text_of(*bytes), bad);
  return !bad && (value.is_string() || value.is_number()) ? boost::json::serialize(value) : std::string();
}

}  // namespace

EventStream::EventStream(std::uint64_t number, std::string_view request_id, Limits limits)
    : number_(number),
      of_request_(request_id.empty() || request_id.size() > kLongestRequestId ? std::string()
                                                                              : "-" + base::base64url(request_id)),
      limits_(limits),
      keeps_(true) {}

std::string EventStream::event_id(std::uint64_t number) const {
  return std::to_string(number_) + '-' + std::to_string(number) + of_request_;
}

void EventStream::push(std::string message) {
  bytes_ += message.size();
  events_.push_back({++last_, std::move(message)});
  while (events_.size() > 1 && (events_.size() > limits_.events || bytes_ > limits_.bytes)) {
    bytes_ -= events_.front().message.size();
    events_.pop_front();
  }
}

bool EventStream::waits(std::string_view message) const {
  for (auto it = events_.rbegin(); it != events_.rend() && it->number > delivered_; ++it) {
    if (it->message == message) return true;
  }
  return false;
}

void EventStream::append(std::string message) {
  const base::Lock lock(mutex_);
  if (ended_ || muted_) return;
  push(std::move(message));
  if (wake_) wake_();
}

void EventStream::append_once(std::string_view message) {
  const base::Lock lock(mutex_);
  if (ended_ || muted_) return;
  if (waits(message)) return;
  push(std::string(message));
  if (wake_) wake_();
}

void EventStream::end() {
  const base::Lock lock(mutex_);
  ended_ = true;
  if (wake_) wake_();
}

void EventStream::mute() {
  const base::Lock lock(mutex_);
  muted_ = true;
  events_.clear();
  bytes_ = 0;
}

bool EventStream::muted() const {
  const base::Lock lock(mutex_);
  return muted_;
}

void EventStream::wake() {
  const base::Lock lock(mutex_);
  if (wake_) wake_();
}

std::uint64_t EventStream::attach(std::function<void()> wake, std::optional<std::uint64_t> after) {
  const base::Lock lock(mutex_);
  if (wake_) wake_();  // the former reader learns that it was replaced
  wake_ = std::move(wake);
  if (after && *after <= last_) delivered_ = *after;
  return ++readers_;
}

void EventStream::detach(std::uint64_t reader) {
  const base::Lock lock(mutex_);
  if (reader == readers_) wake_ = nullptr;
}

bool EventStream::is_read() const {
  const base::Lock lock(mutex_);
  return wake_ != nullptr && !ended_ && !muted_;
}

EventStream::Taken EventStream::take(std::uint64_t reader) {
  const base::Lock lock(mutex_);
  Taken taken{{}, Phase::open};
  if (reader != readers_) {
    taken.phase = Phase::replaced;
    return taken;
  }
  for (const auto& event : events_) {
    if (event.number <= delivered_) continue;
    http::append_sse_event(taken.text, keeps_ ? event_id(event.number) : std::string(), event.message);
  }
  delivered_ = last_;
  if (!keeps_) {
    events_.clear();
    bytes_ = 0;
  }
  if (ended_) taken.phase = Phase::ended;
  return taken;
}

std::string EventStream::resume_id() const {
  const base::Lock lock(mutex_);
  return event_id(delivered_);
}

std::optional<EventId> parse_event_id(std::string_view text) {
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  EventId id{};
  const auto* const begin = text.data();
  const auto* const end = begin + text.size();
  const auto first = std::from_chars(begin, begin + dash, id.stream);
  const auto second = std::from_chars(begin + dash + 1, end, id.number);
  if (first.ec != std::errc() || first.ptr != begin + dash) return std::nullopt;
  if (second.ec != std::errc() || (second.ptr != end && *second.ptr != '-')) return std::nullopt;
  if (second.ptr != end) id.request_id = request_id_of({second.ptr + 1, end});
  return id;
}

}  // namespace gateway
