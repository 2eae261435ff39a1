// AES-256-GCM and HKDF-SHA-256 by OpenSSL. Thread-safe. A refusal of OpenSSL itself throws std::runtime_error.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret_string.hpp"

namespace vault::detail {

inline constexpr std::size_t kNonceSize = 12;
inline constexpr std::size_t kTagSize = 16;
using Nonce = std::array<std::uint8_t, kNonceSize>;

// RFC 5869: 32 bytes. `info` keeps purposes apart.
[[nodiscard]] base::SecretString hkdf(std::string_view key, std::string_view info);

// Appends ciphertext and tag to `out`. REQUIRES: 32 bytes of key; a nonce is used once per key.
void encrypt(std::string_view key, const Nonce& nonce, std::string_view associated, std::string_view plaintext,
             std::string& out);
// Nothing when ciphertext, tag, nonce or associated data were altered. REQUIRES: at least kTagSize bytes.
[[nodiscard]] std::optional<base::SecretString> decrypt(std::string_view key, const Nonce& nonce,
                                                        std::string_view associated, std::string_view ciphertext);

}  // namespace vault::detail
