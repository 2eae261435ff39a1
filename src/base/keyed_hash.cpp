#include "base/keyed_hash.hpp"

#include <sodium.h>

namespace base {

static_assert(crypto_shorthash_siphashx24_BYTES == std::tuple_size_v<KeyedHash::Value>);
static_assert(crypto_shorthash_siphashx24_KEYBYTES == 16);

KeyedHash::KeyedHash() { randombytes_buf(key_.data(), key_.size()); }

KeyedHash::Value KeyedHash::operator()(std::string_view text) const {
  Value value;
  crypto_shorthash_siphashx24(value.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                              key_.data());
  return value;
}

}  // namespace base
