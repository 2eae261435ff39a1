#include "http/sse.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <utility>

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

// Finds where lines end, from the front to the back. std::string_view::find_first_of looks at each byte by itself; a
// line is a whole JSON message here.
class LineEnds {
 public:
  explicit LineEnds(std::string_view text) : text_(text), newline_(text.find('\n')) {}
  // Of the line that begins there; npos when it is unfinished.
  [[nodiscard]] std::size_t end_of_line(std::size_t begin) {
    if (newline_ < begin) newline_ = text_.find('\n', begin);
    const auto line = text_.substr(begin, newline_ == std::string_view::npos ? newline_ : newline_ - begin);
    const auto found = line.find('\r');
    return found == std::string_view::npos ? newline_ : begin + found;
  }

 private:
  std::string_view text_;
  std::size_t newline_;  // the first one behind the last begin
};

}  // namespace

base::Result<void> SseReader::feed(std::string_view bytes) {
  ready_.erase(ready_.begin(), ready_.begin() + static_cast<std::ptrdiff_t>(given_));
  given_ = 0;
  const auto too_large = [this] {
    return base::fail(base::Kind::too_large, "http.sse_too_large",
                      "A server-sent event is larger than " + std::to_string(limit_) + " bytes.");
  };

  LineEnds ends(bytes);
  for (std::size_t at = 0; at < bytes.size();) {
    if (std::exchange(after_return_, false) && bytes[at] == '\n') {
      ++at;
      continue;
    }
    const auto end = ends.end_of_line(at);
    const auto part = bytes.substr(at, end == std::string_view::npos ? end : end - at);
    if (line_.size() + part.size() > limit_ + kLongestFieldName) return too_large();
    if (end == std::string_view::npos) {
      append_within(line_, part, limit_ + kLongestFieldName);
      break;
    }
    after_return_ = bytes[end] == '\r';
    at = end + 1;
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
    if (event_.data.size() + (has_data_ ? 1 : 0) + value.size() > limit_) return false;
    if (has_data_) event_.data += '\n';
    event_.data += value;
    has_data_ = true;
  } else if (name == "event") {
    event_.event = value;
  } else if (name == "id") {
    if (!value.contains('\0')) event_.id = value;
  } else if (name == "retry") {
    if (const auto time = digits(value)) event_.retry_ms = time;
  }
  return true;
}

void SseReader::end_event() {
  if (has_data_ || event_.id || event_.retry_ms) ready_.push_back(std::move(event_));
  event_ = {};
  has_data_ = false;
}

std::optional<SseEvent> SseReader::next() {
  if (given_ == ready_.size()) return std::nullopt;
  return std::move(ready_[given_++]);
}

std::string sse_event(std::string_view id, std::string_view data) {
  std::string text;
  append_sse_event(text, id, data);
  return text;
}

void append_sse_event(std::string& text, std::string_view id, std::string_view data) {
  if (id.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) {
    throw std::invalid_argument("line end in an event id");
  }
  text.reserve(text.size() + id.size() + data.size() + 16);
  if (!id.empty()) text.append("id: ").append(id).append("\n");
  LineEnds ends(data);
  for (std::size_t at = 0;;) {
    const auto end = ends.end_of_line(at);
    const bool is_last = end == std::string_view::npos;
    text.append("data: ").append(data.substr(at, is_last ? end : end - at)).append("\n");
    if (is_last) break;
    at = end + (data.substr(end).starts_with("\r\n") ? 2 : 1);
  }
  text.append("\n");
}

}  // namespace http
