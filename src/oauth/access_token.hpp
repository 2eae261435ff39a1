// Access tokens as JWT: RFC 9068, signed ES256. docs/formats/access-token.md lists the claims.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "oauth/grants.hpp"
#include "oauth/resources.hpp"
#include "oauth/signing_keys.hpp"

namespace oauth {

inline constexpr std::size_t kAccessTokenLimit = 8192;  // bytes; longer ones are refused unread

struct AccessTokenClaims {
  std::string issuer;
  std::string subject;
  std::string client_id;
  std::string grant_id;
  std::string scope;
  std::string id;  // jti
  Audience audience;
  base::Micros issued;
  base::Micros expires;
};

// Signed by one of `keys`, of the right algorithm and type, and complete; nothing otherwise. Whether it is expired,
// revoked, of this issuer and for this audience is for the caller to see.
[[nodiscard]] std::optional<AccessTokenClaims> read_access_token(std::string_view token, const KeySet& keys);

struct TokenMinterConfig {
  std::string issuer;
  std::chrono::seconds lifetime{15 * 60};  // 10 minutes or more: shorter ones make clients refresh before every call
};

// Thread-safe.
class TokenMinter {
 public:
  // REQUIRES: all references outlive this object.
  TokenMinter(const SigningKeys& keys, const base::Clock& clock, base::Random& random, TokenMinterConfig config);
  [[nodiscard]] std::string mint(const Grant& grant, const Audience& audience) const;
  [[nodiscard]] std::chrono::seconds lifetime() const { return config_.lifetime; }

 private:
  const SigningKeys& keys_;
  const base::Clock& clock_;
  base::Random& random_;
  TokenMinterConfig config_;
};

}  // namespace oauth
