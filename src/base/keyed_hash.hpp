// SipHash-2-4 with a key of its own, by libsodium: 128 bits that name a text in this process's memory. Who does not
// know the key can neither find two texts with the same hash nor learn from times how near he is to one. Not for
// anything that is stored.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace base {

class KeyedHash {
 public:
  using Value = std::array<std::uint8_t, 16>;

  KeyedHash();  // with a random key
  [[nodiscard]] Value operator()(std::string_view text) const;

 private:
  std::array<std::uint8_t, 16> key_{};
};

}  // namespace base
