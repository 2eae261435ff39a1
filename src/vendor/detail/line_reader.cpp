#include "vendor/detail/line_reader.hpp"

#include <utility>

namespace vendor::detail {

void LineReader::feed(std::string_view bytes) {
  buffer_.erase(0, begin_);
  scanned_ -= begin_;
  begin_ = 0;
  buffer_ += bytes;
}

std::optional<LineReader::Line> LineReader::next() {
  while (true) {
    const auto end = buffer_.find('\n', scanned_);
    const bool complete = end != std::string::npos;
    scanned_ = complete ? end + 1 : buffer_.size();
    const auto length = (complete ? end : buffer_.size()) - begin_;
    const bool too_long = !dropping_ && length > limit_;
    if (!complete && !too_long && !dropping_) return std::nullopt;

    auto line = std::string_view(buffer_).substr(begin_, length);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const bool dropped = std::exchange(dropping_, !complete) || too_long;
    Line result{dropped ? std::string() : std::string(line), too_long};
    begin_ = scanned_;
    if (!dropped || too_long) return result;
    if (!complete) return std::nullopt;
  }
}

}  // namespace vendor::detail
