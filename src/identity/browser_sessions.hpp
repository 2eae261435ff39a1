// Browser sessions: who is signed in at the pages. Kept in the database, so they survive restarts and hold on all
// nodes.
//
// The cookie carries a random id and its MAC (session_cookie.hpp); stored is the id's SHA-256, called the session's
// key, which also names it in lists and binds CSRF tokens. Every sign-in gets a new id (no session fixation). A session
// ends after 12 h without a request or 30 days after sign-in, whichever comes first. Thread-safe: call from any I/O
// thread.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/secret_string.hpp"
#include "base/signal.hpp"
#include "identity/accounts.hpp"
#include "identity/session_cookie.hpp"
#include "identity/user.hpp"
#include "store/database.hpp"

namespace identity {

struct BrowserSessionsConfig {
  std::chrono::seconds idle = std::chrono::hours(12);
  std::chrono::seconds absolute = std::chrono::hours(24 * 30);
  std::chrono::seconds touch_every = std::chrono::minutes(1);  // how coarse last_seen is; spares writes
  std::chrono::seconds cache_ttl{5};   // how late another node's sign-out may be noticed; 0: no cache
  std::size_t cache_limit = 10'000;    // sessions kept in memory; beyond: the cache starts afresh
  std::size_t per_user = 50;           // beyond: the one unused for longest ends
  std::size_t user_agent_bytes = 200;  // longer ones are cut
};

struct BrowserSession {
  std::string key;  // sha256_hex of the id: no secret, cannot be turned into a cookie
  User user;
  std::string user_agent;  // as the browser names itself: untrusted, show it escaped
  base::Micros created;
  base::Micros last_seen;
  base::Micros expires;
};

namespace detail {
class SessionCache;
}

// Every call may also fail with unavailable (database).
class BrowserSessions {
 public:
  // `key` signs the cookies; 32 bytes, the same on all nodes and after a restart. REQUIRES: references outlive this.
  BrowserSessions(store::Database& database, Accounts& accounts, const base::Clock& clock, base::Random& random,
                  base::SecretString key, BrowserSessionsConfig config = {});
  ~BrowserSessions();
  BrowserSessions(const BrowserSessions&) = delete;
  BrowserSessions& operator=(const BrowserSessions&) = delete;

  // A new session; returns the cookie's value. Errors: not_found (unknown or disabled user).
  base::Async<base::SecretString> create(std::string user_id, std::string user_agent);
  // The session of that cookie value. Errors: unauthenticated (forged, ended, expired, user disabled).
  base::Async<BrowserSession> find(base::SecretString cookie);
  // The running sessions of one user, last used first.
  base::Async<std::vector<BrowserSession>> list(std::string user_id);
  // Ends that session of that user; one that has ended, or is another's, is left alone.
  base::Async<void> end(std::string user_id, std::string key);
  base::Async<void> end_all(std::string user_id);

  // For the cookie's Max-Age.
  [[nodiscard]] std::chrono::seconds lifetime() const { return config_.absolute; }

 private:
  [[nodiscard]] base::Micros expiry(base::Micros created, base::Micros now) const;
  base::Async<BrowserSession> load(std::string key, base::Micros now);
  [[nodiscard]] bool is_due(const BrowserSession& session, base::Micros now) const;
  base::Task<void> touch(BrowserSession session);

  store::Database& database_;
  const base::Clock& clock_;
  base::Random& random_;
  SignedValue values_;
  BrowserSessionsConfig config_;
  std::shared_ptr<detail::SessionCache> cache_;
  base::Signal<std::string>::Subscription on_signed_out_;
};

}  // namespace identity
