#include "vault/detail/aead.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <memory>
#include <stdexcept>

#include "base/encoding.hpp"

namespace vault::detail {
namespace {

constexpr std::string_view kSalt = "mcp-gateway vault 1";

// Fetching per call costs several times the cipher itself: one context per thread.
struct Gcm {
  std::unique_ptr<EVP_CIPHER, decltype(&EVP_CIPHER_free)> cipher{EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr),
                                                                 &EVP_CIPHER_free};
  std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context{EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free};
  // The context holds the key's schedule until it is cleared.
  void clear() { EVP_CIPHER_CTX_reset(context.get()); }
};

Gcm& gcm() {
  thread_local Gcm instance;
  return instance;
}

void require(int result, const char* what) {
  if (result != 1) throw std::runtime_error(std::string("OpenSSL refuses ") + what);
}

const std::uint8_t* data_of(std::string_view text) { return base::bytes_of(text).data(); }

OSSL_PARAM octets(const char* name, std::string_view value) {
  // OpenSSL's interface is not const-correct; it only reads.
  return OSSL_PARAM_construct_octet_string(name, const_cast<char*>(value.data()), value.size());
}

}  // namespace

base::SecretString hkdf(std::string_view key, std::string_view info) {
  const std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> kdf{EVP_KDF_fetch(nullptr, "HKDF", nullptr), &EVP_KDF_free};
  const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context{EVP_KDF_CTX_new(kdf.get()),
                                                                          &EVP_KDF_CTX_free};
  std::string digest = "SHA256";
  const std::array parameters = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), digest.size()),
                                 octets(OSSL_KDF_PARAM_KEY, key), octets(OSSL_KDF_PARAM_SALT, kSalt),
                                 octets(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
  std::string out(32, '\0');
  require(EVP_KDF_derive(context.get(), reinterpret_cast<std::uint8_t*>(out.data()), out.size(), parameters.data()),
          "HKDF");
  return base::SecretString(std::move(out));
}

void encrypt(std::string_view key, const Nonce& nonce, std::string_view associated, std::string_view plaintext,
             std::string& out) {
  auto& [cipher, context] = gcm();
  const auto begin = out.size();
  out.resize(begin + plaintext.size() + kTagSize);
  auto* const bytes = reinterpret_cast<std::uint8_t*>(out.data()) + begin;
  int length = 0;

  require(EVP_EncryptInit_ex2(context.get(), cipher.get(), data_of(key), nonce.data(), nullptr), "AES-256-GCM");
  require(EVP_EncryptUpdate(context.get(), nullptr, &length, data_of(associated), static_cast<int>(associated.size())),
          "associated data");
  require(EVP_EncryptUpdate(context.get(), bytes, &length, data_of(plaintext), static_cast<int>(plaintext.size())),
          "encryption");
  require(EVP_EncryptFinal_ex(context.get(), bytes + plaintext.size(), &length), "encryption");
  require(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kTagSize, bytes + plaintext.size()), "a tag");
  gcm().clear();
}

std::optional<base::SecretString> decrypt(std::string_view key, const Nonce& nonce, std::string_view associated,
                                          std::string_view ciphertext) {
  auto& [cipher, context] = gcm();
  const auto text = ciphertext.substr(0, ciphertext.size() - kTagSize);
  std::string tag(ciphertext.substr(text.size()));
  std::string out(text.size(), '\0');
  auto* const bytes = reinterpret_cast<std::uint8_t*>(out.data());
  int length = 0;

  require(EVP_DecryptInit_ex2(context.get(), cipher.get(), data_of(key), nonce.data(), nullptr), "AES-256-GCM");
  require(EVP_DecryptUpdate(context.get(), nullptr, &length, data_of(associated), static_cast<int>(associated.size())),
          "associated data");
  require(EVP_DecryptUpdate(context.get(), bytes, &length, data_of(text), static_cast<int>(text.size())), "decryption");
  require(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kTagSize, tag.data()), "a tag");
  base::SecretString plaintext(std::move(out));  // wipes `out`, also when the tag does not match
  const bool genuine = EVP_DecryptFinal_ex(context.get(), nullptr, &length) == 1;
  gcm().clear();
  if (!genuine) return std::nullopt;
  return plaintext;
}

}  // namespace vault::detail
