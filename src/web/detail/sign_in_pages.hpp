// Signing in and out, and setting a password by a one-time link.
// Thread: any I/O thread. Errors come out as errors; web::Pages makes pages of them.
#pragma once

#include <string>

#include "base/async.hpp"
#include "identity/browser_sessions.hpp"
#include "identity/one_time_links.hpp"
#include "identity/session_cookie.hpp"
#include "identity/sign_in.hpp"
#include "web/detail/visit.hpp"

namespace web {

class SignInPages {
 public:
  // REQUIRES: all references outlive this object.
  SignInPages(identity::SignIn& sign_in, identity::BrowserSessions& sessions, identity::OneTimeLinks& links,
              std::string_view public_url);

  // The front door: to the settings, or to the sign-in.
  base::Async<http::Response> root(const Visit& visit);
  base::Async<http::Response> show_login(const Visit& visit);
  base::Async<http::Response> login(const Visit& visit);
  base::Async<http::Response> logout(const Visit& visit);
  base::Async<http::Response> show_setup(const Visit& visit);
  base::Async<http::Response> setup(const Visit& visit);

 private:
  [[nodiscard]] http::Response login_page(const Visit& visit, const std::string& return_to,
                                          const base::Error* problem) const;
  [[nodiscard]] http::Response setup_page(const Visit& visit, const identity::OneTimeLink& link,
                                          const std::string& token, const base::Error* problem) const;
  // 303 with the session's cookie.
  [[nodiscard]] http::Response enter(const base::SecretString& cookie, std::string_view location) const;

  identity::SignIn& sign_in_;
  identity::BrowserSessions& sessions_;
  identity::OneTimeLinks& links_;
  identity::CookieShape cookie_;
};

}  // namespace web
