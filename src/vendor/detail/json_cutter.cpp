#include "vendor/detail/json_cutter.hpp"

#include <algorithm>
#include <utility>

namespace vendor::detail {

void JsonCutter::feed(std::string_view bytes) { buffer_ += bytes; }

base::Result<std::optional<std::string>> JsonCutter::next() {
  if (depth_ == 0) {
    buffer_.erase(0, std::min(buffer_.find_first_not_of(" \t\r\n"), buffer_.size()));
    if (buffer_.empty()) return std::nullopt;
    if (buffer_.front() != '{' && buffer_.front() != '[') {
      return base::fail(base::Kind::vendor_invalid, "vendor.bad_message", "sent something that is not JSON-RPC");
    }
  }
  while (scanned_ < buffer_.size() && scanned_ < limit_) {
    if (!take(buffer_[scanned_++])) continue;
    auto rest = buffer_.substr(scanned_);
    buffer_.resize(std::exchange(scanned_, 0));
    return std::exchange(buffer_, std::move(rest));
  }
  if (scanned_ >= limit_) return base::fail(base::Kind::too_large, "vendor.too_large", "a message is too large");
  return std::nullopt;
}

bool JsonCutter::take(char byte) {
  if (in_string_) {
    const bool ends = byte == '"' && !escaped_;
    escaped_ = byte == '\\' && !escaped_;
    in_string_ = !ends;
    return false;
  }
  if (byte == '"') in_string_ = true;
  if (byte == '{' || byte == '[') ++depth_;
  if (byte != '}' && byte != ']') return false;
  return --depth_ == 0;
}

}  // namespace vendor::detail
