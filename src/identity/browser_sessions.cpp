#include "identity/browser_sessions.hpp"

#include <algorithm>
#include <utility>

#include "base/digest.hpp"
#include "base/log.hpp"
#include "identity/detail/session_cache.hpp"
#include "identity/detail/user_rows.hpp"

namespace identity {
namespace {

using store::Connection;

#define MCPGW_SESSION_COLUMNS MCPGW_USER_COLUMNS ", s.key, s.user_agent, s.created_at, s.last_seen_at, s.expires_at"
constexpr std::string_view kFind = "SELECT " MCPGW_SESSION_COLUMNS
                                   " FROM browser_sessions s JOIN users u ON u.id = s.user_id "
                                   "WHERE s.key = $1 AND s.expires_at > $2 AND u.disabled_at IS NULL";
constexpr std::string_view kList = "SELECT " MCPGW_SESSION_COLUMNS
                                   " FROM browser_sessions s JOIN users u ON u.id = s.user_id "
                                   "WHERE s.user_id = $1 AND s.expires_at > $2 ORDER BY s.last_seen_at DESC, s.key";
constexpr std::string_view kCollect = "DELETE FROM browser_sessions WHERE expires_at <= $1";
constexpr std::string_view kTrim =
    "DELETE FROM browser_sessions WHERE user_id = $1 AND key NOT IN "
    "(SELECT key FROM browser_sessions WHERE user_id = $1 ORDER BY last_seen_at DESC LIMIT $2)";
constexpr std::string_view kInsert =
    "INSERT INTO browser_sessions (key, user_id, user_agent, created_at, last_seen_at, expires_at) "
    "VALUES ($1, $2, $3, $4, $4, $5)";
constexpr std::string_view kTouch =
    "UPDATE browser_sessions SET last_seen_at = $2, expires_at = $3 WHERE key = $1 AND last_seen_at < $2";
constexpr std::string_view kEnd = "DELETE FROM browser_sessions WHERE user_id = $1 AND key = $2";
constexpr std::string_view kEndAll = "DELETE FROM browser_sessions WHERE user_id = $1";

base::Failure not_signed_in() {
  return base::fail(base::Kind::unauthenticated, "identity.session", "You are not signed in, or no longer. Sign in.");
}

// Header bytes may be anything; the page that lists sessions shows these.
std::string printable(std::string text, std::size_t limit) {
  text.resize(std::min(text.size(), limit));
  std::ranges::replace_if(text, [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
}

BrowserSession read_session(const store::Row& row) {
  constexpr auto kFirst = detail::kUserColumnCount;
  return {.key = row.text(kFirst),
          .user = detail::read_user(row),
          .user_agent = row.text(kFirst + 1),
          .created = detail::time_at(row, kFirst + 2),
          .last_seen = detail::time_at(row, kFirst + 3),
          .expires = detail::time_at(row, kFirst + 4)};
}

struct NewSession {
  std::string key;
  std::string user_id;
  std::string user_agent;
  base::Micros created;
  base::Micros expires;
  std::size_t per_user;
};

base::Result<void> insert_session(Connection& connection, const NewSession& session) {
  const auto user = detail::find_user(connection, session.user_id);
  if (!user) return user.failure();
  if (user->disabled) return base::fail(base::Kind::not_found, "identity.user", "This account is disabled.");

  const auto collected = connection.execute(kCollect, {detail::stored(session.created)});
  if (!collected) return collected.failure();
  const auto others = static_cast<std::int64_t>(session.per_user) - 1;
  const auto trimmed = connection.execute(kTrim, {session.user_id, others});
  if (!trimmed) return trimmed.failure();
  const auto inserted = connection.execute(kInsert, {session.key, session.user_id, session.user_agent,
                                                     detail::stored(session.created), detail::stored(session.expires)});
  if (!inserted) return inserted.failure();
  return {};
}

}  // namespace

BrowserSessions::BrowserSessions(store::Database& database, Accounts& accounts, const base::Clock& clock,
                                 base::Random& random, base::SecretString key, BrowserSessionsConfig config)
    : database_(database),
      clock_(clock),
      random_(random),
      values_(std::move(key), "session"),
      config_(config),
      cache_(std::make_shared<detail::SessionCache>(config.cache_ttl, config.cache_limit)),
      on_signed_out_(
          accounts.signed_out().subscribe([cache = cache_](const std::string& id) { cache->drop_user(id); })) {}

BrowserSessions::~BrowserSessions() = default;

base::Async<base::SecretString> BrowserSessions::create(std::string user_id, std::string user_agent) {
  auto cookie = values_.make(random_);
  const auto now = clock_.now();
  NewSession session{.key = base::sha256_hex(values_.open(cookie.reveal()).value()),
                     .user_id = std::move(user_id),
                     .user_agent = printable(std::move(user_agent), config_.user_agent_bytes),
                     .created = now,
                     .expires = expiry(now, now),
                     .per_user = config_.per_user};
  const auto inserted = co_await database_.write(
      [session = std::move(session)](Connection& connection) { return insert_session(connection, session); });
  if (!inserted) co_return inserted.failure();
  co_return cookie;
}

base::Async<BrowserSession> BrowserSessions::find(base::SecretString cookie) {
  const auto id = values_.open(cookie.reveal());
  if (!id) co_return not_signed_in();
  const auto key = base::sha256_hex(*id);
  const auto now = clock_.now();

  // A session whose last_seen is to be written is read again first: the cache must not keep itself alive.
  if (auto cached = cache_->find(key, clock_.steady()); cached && cached->expires > now && !is_due(*cached, now)) {
    co_return *std::move(cached);
  }

  const auto epoch = cache_->epoch();
  auto session = co_await load(key, now);
  if (!session) co_return session;
  const bool due = is_due(*session, now);
  if (due) {
    session->last_seen = now;
    session->expires = expiry(session->created, now);
  }
  cache_->put(*session, epoch, clock_.steady());
  if (due) co_await touch(*session);
  co_return session;
}

base::Async<std::vector<BrowserSession>> BrowserSessions::list(std::string user_id) {
  co_return co_await database_.read([user_id = std::move(user_id), now = clock_.now()](
                                        Connection& connection) -> base::Result<std::vector<BrowserSession>> {
    const auto rows = connection.query(kList, {user_id, detail::stored(now)});
    if (!rows) return rows.failure();
    std::vector<BrowserSession> sessions;
    for (const auto& row : *rows) sessions.push_back(read_session(row));
    return sessions;
  });
}

base::Async<void> BrowserSessions::end(std::string user_id, std::string key) {
  const auto ended = co_await database_.write(
      [user_id, key](Connection& connection) { return connection.execute(kEnd, {user_id, key}); });
  if (!ended) co_return ended.failure();
  cache_->drop(key);
  co_return base::Result<void>();
}

base::Async<void> BrowserSessions::end_all(std::string user_id) {
  const auto ended =
      co_await database_.write([user_id](Connection& connection) { return connection.execute(kEndAll, {user_id}); });
  if (!ended) co_return ended.failure();
  cache_->drop_user(user_id);
  co_return base::Result<void>();
}

base::Micros BrowserSessions::expiry(base::Micros created, base::Micros now) const {
  return std::min(now + config_.idle, created + config_.absolute);
}

bool BrowserSessions::is_due(const BrowserSession& session, base::Micros now) const {
  return now - session.last_seen >= config_.touch_every;
}

base::Async<BrowserSession> BrowserSessions::load(std::string key, base::Micros now) {
  co_return co_await database_.read(
      [key = std::move(key), now](Connection& connection) -> base::Result<BrowserSession> {
        const auto rows = connection.query(kFind, {key, detail::stored(now)});
        if (!rows) return rows.failure();
        if (rows->empty()) return not_signed_in();
        return read_session(rows->front());
      });
}

// A page is not refused because its visit could not be noted.
base::Task<void> BrowserSessions::touch(BrowserSession session) {
  const auto touched = co_await database_.write([session](Connection& connection) {
    return connection.execute(kTouch,
                              {session.key, detail::stored(session.last_seen), detail::stored(session.expires)});
  });
  if (!touched) base::log::warn("identity.visit_not_noted", {{"error", touched.error().code}});
}

}  // namespace identity
