#include "base/random.hpp"

#include <sodium.h>

#include <array>
#include <cstring>
#include <vector>

#include "base/encoding.hpp"

namespace base {

std::string Random::token(std::size_t bytes) {
  std::vector<std::uint8_t> buffer(bytes);
  fill(buffer);
  return base64url(buffer);
}

double Random::fraction() {
  std::array<std::uint8_t, 8> bytes{};
  fill(bytes);
  std::uint64_t bits = 0;
  std::memcpy(&bits, bytes.data(), sizeof bits);
  return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

void SystemRandom::fill(std::span<std::uint8_t> out) { randombytes_buf(out.data(), out.size()); }

}  // namespace base
