// Randomness as something passed in, so that tests can set it (tests/fake/fake_random.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace base {

// Thread-safe.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;

  // `bytes` random bytes in unpadded base64url: 32 bytes give 43 characters.
  [[nodiscard]] std::string token(std::size_t bytes = 32);
  // Uniform in [0, 1), for jitter.
  [[nodiscard]] double fraction();
};

// Cryptographically strong (libsodium).
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

}  // namespace base
