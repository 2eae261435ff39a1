// The act of signing in with a password: rate limit, password, new browser session. Thread-safe.
#pragma once

#include <string>

#include "base/async.hpp"
#include "base/clock.hpp"
#include "base/secret_string.hpp"
#include "identity/accounts.hpp"
#include "identity/browser_sessions.hpp"
#include "identity/login_limiter.hpp"

namespace identity {

struct SignInRequest {
  std::string login;
  base::SecretString password;
  std::string peer;  // address of the browser, without port
  std::string user_agent;
};

struct SignedIn {
  User user;
  base::SecretString cookie;  // value for the session cookie
};

class SignIn {
 public:
  // REQUIRES: all references outlive this object.
  SignIn(Accounts& accounts, BrowserSessions& sessions, LoginLimiter& limiter, const base::Clock& clock);

  // Errors: unauthenticated (one message for every reason), too_many (with retry_after), unavailable.
  base::Async<SignedIn> with_password(SignInRequest request);

 private:
  base::Async<SignedIn> attempt(SignInRequest request);

  Accounts& accounts_;
  BrowserSessions& sessions_;
  LoginLimiter& limiter_;
  const base::Clock& clock_;
};

}  // namespace identity
