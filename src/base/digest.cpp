#include "base/digest.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <memory>
#include <stdexcept>

#include "base/encoding.hpp"

namespace base {
namespace {

struct Hasher {
  std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> md{EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free};
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
};

}  // namespace

Sha256 sha256(std::string_view data) {
  thread_local Hasher hasher;
  Sha256 digest{};
  if (EVP_DigestInit_ex2(hasher.context.get(), hasher.md.get(), nullptr) != 1 ||
      EVP_DigestUpdate(hasher.context.get(), data.data(), data.size()) != 1 ||
      EVP_DigestFinal_ex(hasher.context.get(), digest.data(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL refuses SHA-256");
  }
  return digest;
}

std::string sha256_hex(std::string_view data) { return hex(sha256(data)); }

Sha256 hmac_sha256(std::string_view key, std::string_view data) {
  Sha256 digest{};
  unsigned length = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(data).data(), data.size(), digest.data(),
           &length) == nullptr) {
    throw std::runtime_error("OpenSSL refuses HMAC-SHA-256");
  }
  return digest;
}

}  // namespace base
