// JOSE by cjose: EC P-256 keys as JWK (RFC 7517), compact ES256 signatures (RFC 7515, RFC 7518 section 3.4).
// The one place that touches cjose. Thread-safe: keys are not changed after they are made.
#pragma once

#include <cjose/jwk.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/secret_string.hpp"

namespace oauth::detail {

class Jwk {
 public:
  // A new key. Throws std::runtime_error when OpenSSL refuses.
  [[nodiscard]] static Jwk generate(const std::string& kid);
  // Errors: bug, code oauth.key: not an EC P-256 key with a kid.
  [[nodiscard]] static base::Result<Jwk> parse(std::string_view json);

  [[nodiscard]] const std::string& kid() const [[clang::lifetimebound]] { return kid_; }
  [[nodiscard]] base::SecretString private_json() const;
  [[nodiscard]] std::string public_json() const;
  [[nodiscard]] const cjose_jwk_t* get() const { return key_.get(); }

 private:
  explicit Jwk(cjose_jwk_t* key);
  std::shared_ptr<cjose_jwk_t> key_;
  std::string kid_;
};

// A compact JWS with {"alg":"ES256","kid":…,"typ":typ}. Throws std::runtime_error when OpenSSL refuses.
[[nodiscard]] std::string sign(const Jwk& key, std::string_view type, std::string_view payload);

struct JoseHeader {
  std::string algorithm;
  std::string kid;
  std::string type;
};

// A parsed compact JWS, not verified yet. Nothing for what is not one.
class Jws {
 public:
  [[nodiscard]] static std::optional<Jws> parse(std::string_view compact);
  [[nodiscard]] const JoseHeader& header() const [[clang::lifetimebound]] { return header_; }
  // The payload, when its ES256 signature was made with `key`. REQUIRES: header().algorithm == "ES256".
  [[nodiscard]] std::optional<std::string> verified_payload(const Jwk& key) const;

 private:
  explicit Jws(std::shared_ptr<void> jws, JoseHeader header) : jws_(std::move(jws)), header_(std::move(header)) {}
  std::shared_ptr<void> jws_;
  JoseHeader header_;
};

}  // namespace oauth::detail
