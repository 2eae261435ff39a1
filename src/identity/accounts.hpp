// People: local accounts with a login, a display name, a role and a password.
//
// Logins are 1 to 254 characters of a-z, 0-9 and . _ % + @ -, compared without case: no two logins look alike.
// Thread-safe: call from any I/O thread.
#pragma once

#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/secret_string.hpp"
#include "base/signal.hpp"
#include "identity/password_hasher.hpp"
#include "identity/user.hpp"
#include "store/database.hpp"

namespace identity {

// Every call may also fail with unavailable (database).
class Accounts {
 public:
  // REQUIRES: all references outlive this object.
  Accounts(store::Database& database, PasswordHasher& hasher, const base::Clock& clock, base::Random& random);

  // An account that cannot sign in until a password is set. Errors: invalid (names the field), conflict (login taken).
  base::Async<User> create(NewUser user);
  // Errors: not_found.
  base::Async<User> find(std::string id);
  base::Async<User> find_by_login(std::string login);
  // All, by login.
  base::Async<std::vector<User>> list();

  // Ends the browser sessions and one-time links of that person. Errors: invalid (the rule), not_found, too_many.
  base::Async<void> set_password(std::string id, base::SecretString password);
  // Who that is. Unknown login, wrong password, no password yet and disabled account give one and the same error, after
  // the same time. Errors: unauthenticated, too_many (hasher busy).
  base::Async<User> verify_password(std::string login, base::SecretString password);

  // Ends browser sessions and one-time links, too. Errors: not_found, conflict (the last owner who can sign in).
  base::Async<void> disable(std::string id);
  base::Async<void> enable(std::string id);

  // Emitted with the user's id after a password was set or an account disabled: whoever holds something in memory that
  // rests on that person's sign-in lets it go.
  [[nodiscard]] base::Signal<std::string>& signed_out() [[clang::lifetimebound]] { return signed_out_; }

 private:
  base::Task<void> renew_hash(std::string id, std::string old_hash, base::SecretString password);

  store::Database& database_;
  PasswordHasher& hasher_;
  const base::Clock& clock_;
  base::Random& random_;
  base::Signal<std::string> signed_out_;
};

}  // namespace identity
