// Cuts a stream of JSON objects into its objects: one per line, or laid out over several, or with nothing between. For
// the vendors that answer subscriptions/listen with application/json and never end it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace vendor::detail {

class JsonCutter {
 public:
  // Limit for one object, in bytes.
  explicit JsonCutter(std::size_t limit) : limit_(limit) {}

  // Adds bytes; then call next() until it gives nothing.
  void feed(std::string_view bytes);
  // The next whole object (or batch); nothing until more bytes come. What it gives is cut at the right place if it is
  // JSON, and for the caller to check. Errors: too_large; vendor_invalid (something else than an object or an array
  // begins). The cutter is of no use after one.
  [[nodiscard]] base::Result<std::optional<std::string>> next();

 private:
  // Whether the byte ends a value.
  [[nodiscard]] bool take(char byte);

  const std::size_t limit_;
  std::string buffer_;
  std::size_t scanned_ = 0;
  std::size_t depth_ = 0;  // of brackets that are open
  bool in_string_ = false;
  bool escaped_ = false;  // the byte before was a backslash in a string
};

}  // namespace vendor::detail
