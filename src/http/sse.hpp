// Server-sent events (WHATWG HTML section 9.2), both ways.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace http {

struct SseEvent {
  std::string_view event;  // "" means "message"
  std::string_view data;   // lines joined by '\n'
  std::optional<std::string_view> id;    // set when the event carried one
  std::optional<std::int64_t> retry_ms;  // set when the event carried one; may come without data
};

// Takes bytes as they arrive, in any cut, and gives whole events. CR, LF and CRLF end lines; a leading BOM is skipped.
class SseReader {
 public:
  // Limit for one event's data and for one line, in bytes.
  explicit SseReader(std::size_t limit) : limit_(limit) {}

  // Adds bytes; then call next() until it gives nothing. Errors: too_large.
  [[nodiscard]] base::Result<void> feed(std::string_view bytes);
  // The next whole event, comments skipped; views live until the next feed().
  [[nodiscard]] std::optional<SseEvent> next();

 private:
  std::size_t limit_;
  std::string buffer_;
  std::size_t consumed_ = 0;  // bytes of buffer_ given out
  std::size_t scanned_ = 0;   // bytes of buffer_ searched for the end of an event
  std::string data_;          // joined data lines of the event last given
  bool at_start_ = true;
};

// The text of one event. `data` may hold line ends; each line becomes a data field.
[[nodiscard]] std::string sse_event(std::string_view id, std::string_view data);
inline constexpr std::string_view kSsePing = ": ping\n\n";

}  // namespace http
