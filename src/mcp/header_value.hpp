// Values of the Mcp-Name and Mcp-Param-* header fields (2026-07-28 basic/transports/streamable-http, "Value Encoding").
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mcp {

// As it is when it is plain visible ASCII with inner spaces; else, and when it is empty, "=?base64?…?=". `value` is
// UTF-8.
[[nodiscard]] std::string encode_header_value(std::string_view value);
// Nothing for a sentinel around something that is not canonical Base64 of UTF-8, for a control character or a byte
// beyond ASCII.
[[nodiscard]] std::optional<std::string> decode_header_value(std::string_view value);

}  // namespace mcp
