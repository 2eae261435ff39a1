// What a JSON string holds of characters that stand for themselves.
#pragma once

#include <cstddef>
#include <string_view>

namespace json {

// How many bytes at the beginning, inside a string, need no reading: ASCII without control characters, quotation marks
// and backslashes (RFC 8259 section 7).
[[nodiscard]] std::size_t plain_prefix(std::string_view text);

}  // namespace json
