// Server-sent events (WHATWG HTML section 9.2), both ways.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace http {

struct SseEvent {
  std::string event;                     // "" means "message"
  std::string data;                      // lines joined by '\n'
  std::optional<std::string> id;         // set when the event carried one
  std::optional<std::int64_t> retry_ms;  // set when the event carried one; may come without data
};

// Takes bytes as they arrive, in any cut, and gives whole events. CR, LF and CRLF end lines; a leading BOM is skipped.
// Gives what has a data field (even an empty one), an id or a retry; an event that the end of the stream cuts is lost,
// as the specification wants.
class SseReader {
 public:
  // Limit for one event's data and for one line, in bytes.
  explicit SseReader(std::size_t limit) : limit_(limit) {}

  // Adds bytes; then call next() until it gives nothing. Errors: too_large; the reader is of no use after one.
  [[nodiscard]] base::Result<void> feed(std::string_view bytes);
  // The next whole event, comments skipped.
  [[nodiscard]] std::optional<SseEvent> next();

 private:
  [[nodiscard]] bool take_line(std::string_view line);
  [[nodiscard]] bool take_field(std::string_view name, std::string_view value);
  void end_event();

  std::size_t limit_;
  std::string line_;       // the unfinished line
  SseEvent event_;         // the unfinished event
  bool has_data_ = false;  // it has a data field
  std::vector<SseEvent> ready_;
  std::size_t given_ = 0;      // of ready_
  bool at_start_ = true;       // no line seen: a BOM may come
  bool after_return_ = false;  // the last byte was a CR: an LF belongs to it
};

// The text of one event. `data` may hold line ends; each line becomes a data field.
// Without an id field when `id` is empty. REQUIRES: no line end in `id`; throws std::invalid_argument.
[[nodiscard]] std::string sse_event(std::string_view id, std::string_view data);
void append_sse_event(std::string& text, std::string_view id, std::string_view data);
inline constexpr std::string_view kSsePing = ": ping\n\n";

}  // namespace http
