// What every page asks before its own work: who is signed in, and whether a POST is one of our own forms.
// Thread: any I/O thread.
#pragma once

#include <cstddef>
#include <string>

#include "base/async.hpp"
#include "base/random.hpp"
#include "identity/browser_sessions.hpp"
#include "identity/csrf.hpp"
#include "identity/session_cookie.hpp"
#include "web/detail/visit.hpp"

namespace web {

class Gate {
 public:
  // REQUIRES: all references outlive this object.
  Gate(identity::BrowserSessions& sessions, identity::Csrf& csrf, base::Random& random, std::string_view public_url,
       std::size_t form_bytes);

  // The visitor of `request`, signed in or not. Sets `new_pre_session` when the browser has none: the forms that
  // precede sign-in need it planted. Errors: invalid (query), unavailable.
  base::Async<Visit> enter(const http::Request& request, base::SecretString& new_pre_session);

  // Fills in visit.form. Errors: invalid (no form, malformed), too_large, forbidden (origin, token).
  [[nodiscard]] base::Result<void> admit_form(Visit& visit, std::string_view pattern) const;

  // Text of the Set-Cookie field for it.
  [[nodiscard]] std::string set_pre_session(const base::SecretString& value) const;

 private:
  base::Async<void> recognize(Visit& visit);

  identity::BrowserSessions& sessions_;
  identity::Csrf& csrf_;
  base::Random& random_;
  std::string origin_;
  std::size_t form_bytes_;
  identity::CookieShape session_cookie_;
  identity::CookieShape pre_cookie_;
};

}  // namespace web
