// One-time links: how a person sets a password without having one. For the owner at first start, for people whom an
// administrator adds, and for forgotten passwords.
//
// A link's token is 32 random bytes; only its SHA-256 is stored. It works once, until it expires, and only while it is
// the newest of that person. The caller builds the URL around the token. Thread-safe.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/async.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/secret_string.hpp"
#include "identity/accounts.hpp"
#include "identity/password_hasher.hpp"
#include "identity/user.hpp"
#include "store/database.hpp"

namespace identity {

struct OneTimeLinksConfig {
  std::chrono::seconds set_up_lifetime = std::chrono::hours(24);
  std::chrono::seconds reset_lifetime = std::chrono::hours(1);
};

enum class LinkPurpose {
  set_up,  // the account has no password yet
  reset,   // the password was forgotten
};

struct OneTimeLink {
  User user;
  LinkPurpose purpose = LinkPurpose::set_up;
  base::Micros expires;
  base::SecretString token;  // empty when described, not issued
};

// Every call may also fail with unavailable (database).
class OneTimeLinks {
 public:
  // REQUIRES: all references outlive this object.
  OneTimeLinks(store::Database& database, Accounts& accounts, PasswordHasher& hasher, const base::Clock& clock,
               base::Random& random, OneTimeLinksConfig config = {});

  // For `user add` and `user reset`: set_up while the account has no password, else reset. Voids older links of that
  // person; the present password stays good until the link is redeemed.
  // Errors: not_found, conflict (the account is disabled).
  base::Async<OneTimeLink> issue(std::string user_id);

  // First start, blocking, before threads run: creates the owner's account when there is no user at all. While an owner
  // has not set a password yet, every call gives a new link and voids the older one; after that nothing.
  [[nodiscard]] base::Result<std::optional<OneTimeLink>> ensure_owner(NewUser owner = {.login = "owner",
                                                                                       .display_name = "Owner",
                                                                                       .role = std::string(kOwner)});

  // What the page behind the link shows; uses nothing up. Errors: not_found (used, expired, replaced, never issued).
  base::Async<OneTimeLink> describe(base::SecretString token);
  // Sets the password and uses the link up, both or neither. Ends the person's browser sessions and other links.
  // Errors: not_found as above; invalid (password rule; the link stays good), too_many (hasher busy; it stays good).
  base::Async<User> redeem(base::SecretString token, base::SecretString password);

 private:
  store::Database& database_;
  Accounts& accounts_;
  PasswordHasher& hasher_;
  const base::Clock& clock_;
  base::Random& random_;
  OneTimeLinksConfig config_;
};

}  // namespace identity
