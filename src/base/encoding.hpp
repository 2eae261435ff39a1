// Bytes as text and back, by libsodium.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace base {

// RFC 4648 section 5, without padding.
[[nodiscard]] std::string base64url(std::span<const std::uint8_t> bytes);
[[nodiscard]] std::string base64url(std::string_view bytes);
// Nothing when the text is not unpadded base64url.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> from_base64url(std::string_view text);

// Lower case.
[[nodiscard]] std::string hex(std::span<const std::uint8_t> bytes);

// application/x-www-form-urlencoded and query components: RFC 3986 percent-encoding of everything but unreserved.
[[nodiscard]] std::string percent_encode(std::string_view text);
// Decodes %XX, and '+' as a space when `form`. Nothing for a bad escape.
enum class PlusIsSpace { no, yes };
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text, PlusIsSpace plus);

// Text safe inside HTML text and quoted attributes.
[[nodiscard]] std::string html_escape(std::string_view text);

// Same content, in time that depends on the length only.
[[nodiscard]] bool equal_constant_time(std::string_view a, std::string_view b);

[[nodiscard]] inline std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
[[nodiscard]] inline std::string_view text_of(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace base
