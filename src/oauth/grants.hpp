// What clients got from people: authorization codes, grants and refresh tokens, in the store.
// RFC 6749 sections 4.1 and 6, RFC 7636, RFC 7009, RFC 9700 section 4.14 (rotation).
// Codes and refresh tokens are 256-bit and stored as SHA-256 only. Thread-safe; coroutines resume on the caller's
// thread; what a call acknowledges is durable.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/secret_string.hpp"
#include "base/signal.hpp"
#include "oauth/resources.hpp"
#include "oauth/revoked_grants.hpp"
#include "store/database.hpp"
#include "vault/sealer.hpp"

namespace oauth {

struct GrantsConfig {
  std::chrono::seconds code_lifetime{60};
  // A replaced refresh token still works for this long, and gives the same successor: honest clients race with
  // themselves. Used later, it revokes the whole grant.
  std::chrono::seconds refresh_grace{60};
  std::chrono::hours refresh_lifetime{24 * 90};  // since its last use
  // How long a revoked grant must be remembered by verifiers: no access token lives longer.
  std::chrono::seconds access_token_lifetime{15 * 60 + 60};
};

// What a person agreed to.
struct Consent {
  std::string user_id;
  std::string client_id;
  std::string client_name;
  std::string redirect_uri;
  std::string code_challenge;
  Audience audience;
  std::string scope;
  bool refreshable = true;  // the client may have refresh tokens
};

struct CodeRedemption {
  std::string code;
  std::string client_id;
  std::optional<std::string> redirect_uri;  // absent in OAuth 2.1 clients; present, it must be the one of the request
  std::string code_verifier;
};

struct Grant {
  std::string id;
  std::string user_id;
  std::string client_id;
  std::string client_name;
  Audience audience;
  std::string scope;
  base::Micros created;
  base::Micros last_used;
};

struct Granted {
  Grant grant;
  base::SecretString refresh_token;  // empty when the client may have none
};

struct GrantRevoked {
  std::string grant_id;
  std::string user_id;
  std::string client_id;
};

class Grants {
 public:
  // REQUIRES: all references outlive this object.
  Grants(store::Database& database, const vault::Sealer& sealer, const base::Clock& clock, base::Random& random,
         RevokedGrants& revoked, GrantsConfig config);

  // Errors of all: unavailable.
  base::Async<base::SecretString> issue_code(Consent consent);
  // Errors: invalid_grant (unknown, expired, used or foreign code; other redirect URI; wrong verifier).
  // A code used twice also revokes the grant it had produced (RFC 6749 section 4.1.2); a wrong verifier spends it.
  base::Async<Granted> redeem(CodeRedemption redemption);
  // Errors: invalid_grant (unknown, expired, revoked or foreign token; a replaced one after the grace).
  base::Async<Granted> refresh(base::SecretString token, std::string client_id);

  // The live grant of a refresh token; nothing when the token is not good any more.
  base::Async<std::optional<Grant>> find_by_refresh_token(base::SecretString token);
  base::Async<std::vector<Grant>> list(std::string user_id);

  // Ends it: refresh tokens die, access tokens are refused, the signal tells. Nothing happens when it had ended.
  base::Async<void> revoke(std::string grant_id);
  // For pages. Errors: not_found when it is not that user's.
  base::Async<void> revoke_for(std::string user_id, std::string grant_id);
  // Every grant of that user: the account was closed. Returns how many.
  base::Async<std::int64_t> revoke_all(std::string user_id);

  // Reads what other processes revoked, and at start all that still matters.
  [[nodiscard]] base::Result<void> load();
  base::Async<void> reload();
  // Deletes what is over: old codes, replaced tokens, dead grants.
  base::Async<void> collect();

  [[nodiscard]] base::Signal<GrantRevoked>& revocations() { return revocations_; }

 private:
  [[nodiscard]] base::SecretString successor(std::string_view token) const;
  void announce(const std::vector<GrantRevoked>& ended);
  store::Database& database_;
  base::SecretString successor_key_;
  const base::Clock& clock_;
  base::Random& random_;
  RevokedGrants& revoked_;
  GrantsConfig config_;
  base::Signal<GrantRevoked> revocations_;
};

}  // namespace oauth
