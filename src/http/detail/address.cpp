#include "http/detail/address.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace http {
namespace {

using boost::asio::ip::address_v4;
using boost::asio::ip::address_v6;

struct BlockV4 {
  std::uint32_t first;
  int prefix;
};

constexpr std::uint32_t v4(std::uint32_t a, std::uint32_t b, std::uint32_t c) { return a << 24 | b << 16 | c << 8; }

constexpr std::array kNotPublicV4 = {
    BlockV4{v4(0, 0, 0), 8},        // this network
    BlockV4{v4(10, 0, 0), 8},       // private
    BlockV4{v4(100, 64, 0), 10},    // carrier-grade NAT
    BlockV4{v4(127, 0, 0), 8},      // loopback
    BlockV4{v4(169, 254, 0), 16},   // link-local, cloud metadata
    BlockV4{v4(172, 16, 0), 12},    // private
    BlockV4{v4(192, 0, 0), 24},     // IETF protocol assignments
    BlockV4{v4(192, 0, 2), 24},     // documentation
    BlockV4{v4(192, 88, 99), 24},   // 6to4 relays
    BlockV4{v4(192, 168, 0), 16},   // private
    BlockV4{v4(198, 18, 0), 15},    // benchmarking
    BlockV4{v4(198, 51, 100), 24},  // documentation
    BlockV4{v4(203, 0, 113), 24},   // documentation
    BlockV4{v4(224, 0, 0), 4},      // multicast
    BlockV4{v4(240, 0, 0), 4},      // reserved, broadcast
};

bool is_public_v4(std::uint32_t address) {
  return std::ranges::none_of(
      kNotPublicV4, [address](const BlockV4& block) { return (address ^ block.first) >> (32 - block.prefix) == 0; });
}

std::uint32_t inner_v4(const address_v6::bytes_type& bytes, std::size_t at) {
  return std::uint32_t{bytes[at]} << 24 | std::uint32_t{bytes[at + 1]} << 16 | std::uint32_t{bytes[at + 2]} << 8 |
         bytes[at + 3];
}

template <std::size_t N>
bool begins(const address_v6::bytes_type& bytes, const std::array<std::uint8_t, N>& prefix) {
  return std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

bool is_public_v6(const address_v6::bytes_type& bytes) {
  constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  constexpr std::array<std::uint8_t, 12> kNat64 = {0x00, 0x64, 0xff, 0x9b};
  constexpr std::array<std::uint8_t, 2> k6to4 = {0x20, 0x02};
  constexpr std::array<std::uint8_t, 4> kDocumentation = {0x20, 0x01, 0x0d, 0xb8};
  if (begins(bytes, kMapped) || begins(bytes, kNat64)) return is_public_v4(inner_v4(bytes, 12));
  if (begins(bytes, k6to4)) return is_public_v4(inner_v4(bytes, 2));
  if (bytes[0] >> 5 != 1) return false;  // global unicast is 2000::/3
  const bool is_protocol_assignment = bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] < 2;  // 2001::/23, Teredo too
  const bool is_new_documentation = bytes[0] == 0x3f && bytes[1] == 0xff && bytes[2] >> 4 == 0;  // 3fff::/20
  return !is_protocol_assignment && !is_new_documentation && !begins(bytes, kDocumentation);
}

}  // namespace

bool is_public(const boost::asio::ip::address& address) {
  return address.is_v4() ? is_public_v4(address.to_v4().to_uint()) : is_public_v6(address.to_v6().to_bytes());
}

}  // namespace http
