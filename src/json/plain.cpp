#include "json/plain.hpp"

#include <algorithm>

namespace json {
namespace {

constexpr std::size_t kBlock = 256;  // bytes

bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 0x20) & (byte < 0x80) & (byte != '"') & (byte != '\\');
}

// Without a way out in the middle, so that many bytes are compared at once.
bool is_plain_block(std::string_view block) {
  bool plain = true;
  for (std::size_t i = 0; i < kBlock; ++i) plain &= is_plain(block[i]);
  return plain;
}

}  // namespace

std::size_t plain_prefix(std::string_view text) {
  auto rest = text;
  while (rest.size() >= kBlock && is_plain_block(rest)) rest.remove_prefix(kBlock);
  const auto* const end = std::ranges::find_if_not(rest, is_plain);
  return static_cast<std::size_t>(end - text.data());
}

}  // namespace json
