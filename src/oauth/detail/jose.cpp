#include "oauth/detail/jose.hpp"

#include <cjose/header.h>
#include <cjose/jws.h>

#include <cstdlib>
#include <stdexcept>

#include "base/encoding.hpp"

namespace oauth::detail {
namespace {

using HeaderPtr = std::unique_ptr<cjose_header_t, decltype(&cjose_header_release)>;
using JwsPtr = std::unique_ptr<cjose_jws_t, decltype(&cjose_jws_release)>;
using CText = std::unique_ptr<char, decltype(&std::free)>;

[[noreturn]] void refuse(const char* what, const cjose_err& error) {
  throw std::runtime_error(std::string("cjose: ") + what + ": " + (error.message == nullptr ? "?" : error.message));
}

std::string header_text(cjose_header_t* header, const char* name) {
  cjose_err error{};
  const char* const value = cjose_header_get(header, name, &error);
  return value == nullptr ? std::string() : std::string(value);
}

// libsodium refuses unused bits that are set, which cjose lets pass: one signature, one spelling.
bool is_canonical(std::string_view compact) {
  int segments = 1;
  for (std::size_t dot = compact.find('.'); dot != std::string_view::npos; dot = compact.find('.')) {
    if (!base::from_base64url(compact.substr(0, dot))) return false;
    compact.remove_prefix(dot + 1);
    ++segments;
  }
  return segments == 3 && !compact.empty() && base::from_base64url(compact).has_value();
}

}  // namespace

Jwk::Jwk(cjose_jwk_t* key) : key_(key, &cjose_jwk_release) {
  cjose_err error{};
  const char* const kid = cjose_jwk_get_kid(key, &error);
  kid_ = kid == nullptr ? "" : kid;
}

Jwk Jwk::generate(const std::string& kid) {
  cjose_err error{};
  cjose_jwk_t* const key = cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &error);
  if (key == nullptr || !cjose_jwk_set_kid(key, kid.data(), kid.size(), &error)) refuse("new key", error);
  return Jwk(key);
}

base::Result<Jwk> Jwk::parse(std::string_view json) {
  cjose_err error{};
  cjose_jwk_t* const key = cjose_jwk_import(json.data(), json.size(), &error);
  if (key == nullptr) return base::fail(base::Kind::bug, "oauth.key", "A signing key is damaged.", "cjose import");
  Jwk jwk(key);
  const bool is_p256 =
      cjose_jwk_get_kty(key, &error) == CJOSE_JWK_KTY_EC && cjose_jwk_EC_get_curve(key, &error) == CJOSE_JWK_EC_P_256;
  if (!is_p256 || jwk.kid().empty()) {
    return base::fail(base::Kind::bug, "oauth.key", "A signing key is damaged.", "not P-256, or no kid");
  }
  return jwk;
}

base::SecretString Jwk::private_json() const {
  cjose_err error{};
  const CText text(cjose_jwk_to_json(key_.get(), true, &error), &std::free);
  if (!text) refuse("key as JSON", error);
  base::SecretString secret{std::string_view(text.get())};
  explicit_bzero(text.get(), secret.size());
  return secret;
}

std::string Jwk::public_json() const {
  cjose_err error{};
  const CText text(cjose_jwk_to_json(key_.get(), false, &error), &std::free);
  if (!text) refuse("key as JSON", error);
  return text.get();
}

std::string sign(const Jwk& key, std::string_view type, std::string_view payload) {
  cjose_err error{};
  const HeaderPtr header(cjose_header_new(&error), &cjose_header_release);
  if (!header || !cjose_header_set(header.get(), CJOSE_HDR_ALG, CJOSE_HDR_ALG_ES256, &error) ||
      !cjose_header_set(header.get(), CJOSE_HDR_KID, key.kid().c_str(), &error) ||
      !cjose_header_set(header.get(), "typ", std::string(type).c_str(), &error)) {
    refuse("header", error);
  }
  const auto bytes = base::bytes_of(payload);
  const JwsPtr jws(cjose_jws_sign(key.get(), header.get(), bytes.data(), bytes.size(), &error), &cjose_jws_release);
  const char* compact = nullptr;
  if (!jws || !cjose_jws_export(jws.get(), &compact, &error)) refuse("sign", error);
  return compact;
}

std::optional<Jws> Jws::parse(std::string_view compact) {
  if (!is_canonical(compact)) return std::nullopt;
  cjose_err error{};
  cjose_jws_t* const jws = cjose_jws_import(compact.data(), compact.size(), &error);
  if (jws == nullptr) return std::nullopt;
  std::shared_ptr<void> owner(jws, [](void* pointer) { cjose_jws_release(static_cast<cjose_jws_t*>(pointer)); });
  cjose_header_t* const header = cjose_jws_get_protected(jws);
  if (header == nullptr) return std::nullopt;
  return Jws(std::move(owner),
             {header_text(header, CJOSE_HDR_ALG), header_text(header, CJOSE_HDR_KID), header_text(header, "typ")});
}

std::optional<std::string> Jws::verified_payload(const Jwk& key) const {
  cjose_err error{};
  auto* const jws = static_cast<cjose_jws_t*>(jws_.get());
  if (!cjose_jws_verify(jws, key.get(), &error)) return std::nullopt;
  std::uint8_t* bytes = nullptr;
  std::size_t size = 0;
  if (!cjose_jws_get_plaintext(jws, &bytes, &size, &error)) return std::nullopt;
  return std::string(base::text_of({bytes, size}));
}

}  // namespace oauth::detail
