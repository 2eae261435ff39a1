// The web pages: /, /auth/*, /settings/*, /status and /assets/*. Server-rendered, usable without JavaScript, under a
// strict Content-Security-Policy.
//
// Every failure comes out as a page here, is logged here, and is never shown with more than Error::message. Every POST
// needs a form body of at most PagesConfig::form_bytes, an Origin of this gateway and a CSRF token of that form.
// Thread-safe: any I/O thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/async.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/snapshot.hpp"
#include "http/message.hpp"
#include "identity/authorization_desk.hpp"
#include "identity/browser_sessions.hpp"
#include "identity/csrf.hpp"
#include "identity/one_time_links.hpp"
#include "identity/preferences.hpp"
#include "identity/sign_in.hpp"
#include "vault/credentials.hpp"
#include "vendor/definition.hpp"
#include "vendor/health.hpp"
#include "vendor/prober.hpp"
#include "web/ports.hpp"

namespace web {

struct PagesConfig {
  // Where browsers reach the gateway, without a slash at the end. https: cookies are Secure. POSTs from pages of any
  // other origin are refused.
  std::string public_url = "http://localhost:8080";
  std::size_t form_bytes = 64 << 10;  // of a POST's body; beyond: 413
};

// What the pages work on.
struct PagesParts {
  identity::SignIn& sign_in;
  identity::BrowserSessions& sessions;
  identity::Csrf& csrf;
  identity::OneTimeLinks& links;
  identity::Preferences& preferences;
  identity::AuthorizationDesk& desk;
  GrantDesk& grants;
  vault::Credentials& credentials;
  const base::Snapshot<vendor::Definitions>& definitions;
  const vendor::HealthBoard& health;
  vendor::Prober& prober;
  const base::Clock& clock;
  base::Random& random;
};

class Pages {
 public:
  // REQUIRES: what `parts` refers to outlives this object.
  Pages(PagesParts parts, PagesConfig config);
  ~Pages();
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;

  // True for every path under the prefixes above, known or not: whatever comes there is answered with a page.
  [[nodiscard]] static bool owns(std::string_view path);

  // Always a value: failures come as pages, so that a caller has nothing to render. Exceptions pass through.
  // REQUIRES: `request` lives until it returns.
  base::Async<http::Response> handle(const http::Request& request);

 private:
  class Routes;
  std::unique_ptr<Routes> routes_;
};

}  // namespace web
