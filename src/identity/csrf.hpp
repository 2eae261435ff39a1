// Defence against cross-site request forgery for the pages: a token in every form, and the browser's own statement of
// where a request comes from. A state-changing handler asks for both.
//
//   if (auto ok = identity::check_origin(request.headers, public_origin); !ok) ...
//   if (auto ok = csrf.check(form_token, session.key, "connections.save"); !ok) ...
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/random.hpp"
#include "base/secret_string.hpp"
#include "http/message.hpp"
#include "identity/session_cookie.hpp"

namespace identity {

// Tokens are an HMAC-SHA-256 of a binding and a purpose (43 characters): nothing is stored, and a token of one session
// or one form is no good for another. Immutable, thread-safe.
class Csrf {
 public:
  // 32 bytes; may be the key of the browser sessions.
  explicit Csrf(base::SecretString key);

  // `binding` is BrowserSession::key, or before sign-in the value of the pre-session cookie.
  [[nodiscard]] std::string token(std::string_view binding, std::string_view purpose) const;
  // In constant time. Errors: forbidden (identity.csrf), telling the person to reload the page.
  [[nodiscard]] base::Result<void> check(std::string_view token, std::string_view binding,
                                         std::string_view purpose) const;

  // Values for kPreSessionCookie: a page before sign-in sets one unless the browser sends a genuine one.
  [[nodiscard]] base::SecretString make_pre_session(base::Random& random) const { return pre_session_.make(random); }
  [[nodiscard]] bool is_pre_session(std::string_view value) const { return pre_session_.open(value).has_value(); }

 private:
  base::SecretString key_;
  SignedValue pre_session_;
};

// The origin (RFC 6454 section 6.2) of an absolute URL: "https://gw.example.com:8443".
[[nodiscard]] std::string origin_of(std::string_view url);

// Whether a state-changing request comes from the gateway's own pages, by Origin and Sec-Fetch-Site (Fetch, Fetch
// Metadata). A request with neither passes: no browser of today sends that, and the token still decides.
// "Origin: null" is what a page under Referrer-Policy no-referrer sends: it passes only with Sec-Fetch-Site
// same-origin. Errors: forbidden (identity.origin), naming the address to use.
[[nodiscard]] base::Result<void> check_origin(const http::Headers& headers, std::string_view public_origin);

}  // namespace identity
