// Cuts what a process writes into lines, of limited length.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace vendor::detail {

class LineReader {
 public:
  // Longer lines are dropped; each gives one Line with `too_long` as soon as it crosses the limit.
  explicit LineReader(std::size_t limit) : limit_(limit) {}

  struct Line {
    std::string text;  // without its end (LF, or CR LF)
    bool too_long = false;
  };

  // Adds bytes; then call next() until it gives nothing.
  void feed(std::string_view bytes);
  [[nodiscard]] std::optional<Line> next();

 private:
  const std::size_t limit_;
  std::string buffer_;
  std::size_t begin_ = 0;    // of the line that comes next
  std::size_t scanned_ = 0;  // bytes searched for a line end
  bool dropping_ = false;    // the rest of a line that was too long
};

}  // namespace vendor::detail
