#include "http/sse.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace http {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kLongestFieldName = 8;  // "data: " and its like, beside the limit for the data

std::optional<std::int64_t> digits(std::string_view text) {
  std::int64_t value = 0;
  if (text.empty() || !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  return value;
}

// Never makes room for more than may come.
void append_within(std::string& line, std::string_view part, std::size_t most) {
  const auto needed = line.size() + part.size();
  if (needed > line.capacity()) line.reserve(std::min(std::max(needed, 2 * line.capacity()), most));
  line += part;
}

}  // namespace

base::Result<void> SseReader::feed(std::string_view bytes) {
  ready_.erase(ready_.begin(), ready_.begin() + static_cast<std::ptrdiff_t>(given_));
  given_ = 0;
  const auto too_large = [this] {
    return base::fail(base::Kind::too_large, "http.sse_too_large",
                      "A server-sent event is larger than " + std::to_string(limit_) + " bytes.");
  };

  while (!bytes.empty()) {
    if (after_return_ && bytes.front() == '\n') bytes.remove_prefix(1);
    after_return_ = false;
    const auto end = bytes.find_first_of("\r\n");
    const auto part = bytes.substr(0, end);
    if (line_.size() + part.size() > limit_ + kLongestFieldName) return too_large();
    if (end == std::string_view::npos) {
      append_within(line_, part, limit_ + kLongestFieldName);
      break;
    }
    after_return_ = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
    // Most lines come whole: they are read where they are.
    if (line_.empty()) {
      if (!take_line(part)) return too_large();
      continue;
    }
    append_within(line_, part, limit_ + kLongestFieldName);
    if (!take_line(line_)) return too_large();
    line_.clear();
  }
  return {};
}

bool SseReader::take_line(std::string_view line) {
  if (at_start_ && line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  at_start_ = false;
  if (line.empty()) {
    end_event();
    return true;
  }
  const auto colon = line.find(':');
  if (colon == 0) return true;  // a comment
  if (colon == std::string_view::npos) return take_field(line, {});
  auto value = line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  return take_field(line.substr(0, colon), value);
}

bool SseReader::take_field(std::string_view name, std::string_view value) {
  if (name == "data") {
    if (event_.data.size() + (event_.has_data ? 1 : 0) + value.size() > limit_) return false;
    if (event_.has_data) event_.data += '\n';
    event_.data += value;
    event_.has_data = true;
  } else if (name == "event") {
    event_.type = value;
  } else if (name == "id") {
    if (!value.contains('\0')) event_.id = value;
  } else if (name == "retry") {
    if (const auto time = digits(value)) event_.retry_ms = time;
  }
  return true;
}

void SseReader::end_event() {
  if (event_.has_data || event_.id || event_.retry_ms) ready_.push_back(std::move(event_));
  event_ = {};
}

std::optional<SseEvent> SseReader::next() {
  if (given_ == ready_.size()) return std::nullopt;
  const auto& event = ready_[given_++];
  return SseEvent{event.type, event.data, event.id, event.retry_ms};
}

std::string sse_event(std::string_view id, std::string_view data) {
  if (id.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) {
    throw std::invalid_argument("line end in an event id");
  }
  std::string text;
  text.reserve(id.size() + data.size() + 16);
  if (!id.empty()) text.append("id: ").append(id).append("\n");
  for (bool more = true; more;) {
    const auto end = data.find_first_of("\r\n");
    text.append("data: ").append(data.substr(0, end)).append("\n");
    more = end != std::string_view::npos;
    if (more) data.remove_prefix(end + (data.substr(end).starts_with("\r\n") ? 2 : 1));
  }
  return text.append("\n");
}

}  // namespace http
