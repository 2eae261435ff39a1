// SHA-256 and HMAC-SHA-256 by OpenSSL. Contexts are kept per thread: fetching them per call costs three to six
// times the digest itself.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace base {

using Sha256 = std::array<std::uint8_t, 32>;

[[nodiscard]] Sha256 sha256(std::string_view data);
// How tokens and one-time codes are stored: lower-case hex of SHA-256. Fit for high-entropy secrets only.
[[nodiscard]] std::string sha256_hex(std::string_view data);
[[nodiscard]] Sha256 hmac_sha256(std::string_view key, std::string_view data);

}  // namespace base
