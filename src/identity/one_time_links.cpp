#include "identity/one_time_links.hpp"

#include <utility>

#include "base/digest.hpp"
#include "identity/detail/login.hpp"
#include "identity/detail/user_rows.hpp"
#include "identity/password_rules.hpp"

namespace identity {
namespace {

using store::Connection;

constexpr std::string_view kVoid = "DELETE FROM one_time_links WHERE user_id = $1 OR expires_at <= $2";
constexpr std::string_view kInsert =
    "INSERT INTO one_time_links (token_hash, user_id, purpose, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)";
constexpr std::string_view kFind = "SELECT " MCPGW_USER_COLUMNS
                                   ", l.purpose, l.expires_at FROM one_time_links l JOIN users u ON u.id = l.user_id "
                                   "WHERE l.token_hash = $1 AND l.expires_at > $2 AND u.disabled_at IS NULL";
constexpr std::string_view kUse = "DELETE FROM one_time_links WHERE token_hash = $1 AND expires_at > $2";
constexpr std::string_view kOwnersFirst =
    "SELECT " MCPGW_USER_COLUMNS
    " FROM users u ORDER BY CASE WHEN u.role = $1 THEN 0 ELSE 1 END, u.password_hash IS NULL, u.created_at LIMIT 1";

base::Failure no_such_link() {
  return base::fail(base::Kind::not_found, "identity.link",
                    "This link was used already, has expired, or was replaced by a newer one. Ask for a new link, or "
                    "sign in if you have set your password.");
}

std::string_view name(LinkPurpose purpose) { return purpose == LinkPurpose::set_up ? "set_up" : "reset"; }

// What a link needs, drawn before the transaction: its work may outlive the object that posts it.
struct Draft {
  base::SecretString token;
  base::Micros now;
  OneTimeLinksConfig config;
};

base::Result<OneTimeLink> insert_link(Connection& connection, const Draft& draft, User user) {
  const auto purpose = user.has_password ? LinkPurpose::reset : LinkPurpose::set_up;
  const auto lifetime = purpose == LinkPurpose::reset ? draft.config.reset_lifetime : draft.config.set_up_lifetime;
  OneTimeLink link{std::move(user), purpose, draft.now + lifetime, draft.token};

  const auto voided = connection.execute(kVoid, {link.user.id, detail::stored(draft.now)});
  if (!voided) return voided.failure();
  const auto inserted =
      connection.execute(kInsert, {base::sha256_hex(draft.token.reveal()), link.user.id, std::string(name(purpose)),
                                   detail::stored(draft.now), detail::stored(link.expires)});
  if (!inserted) return inserted.failure();
  return link;
}

base::Result<OneTimeLink> issue_link(Connection& connection, const Draft& draft, const std::string& user_id) {
  auto user = detail::find_user(connection, user_id);
  if (!user) return user.failure();
  if (user->disabled) {
    return base::fail(base::Kind::conflict, "identity.disabled", "This account is disabled. Enable it first.");
  }
  return insert_link(connection, draft, *std::move(user));
}

base::Result<std::optional<OneTimeLink>> owner_link(Connection& connection, const Draft& draft, const User& owner) {
  // The owner nearest to being able to sign in; else anybody.
  const auto rows = connection.query(kOwnersFirst, {std::string(kOwner)});
  if (!rows) return rows.failure();
  if (rows->empty()) {
    if (auto inserted = detail::insert_user(connection, owner); !inserted) return inserted.failure();
    return insert_link(connection, draft, owner);
  }
  auto first = detail::read_user(rows->front());
  if (first.role != kOwner || first.has_password || first.disabled) return std::nullopt;
  return insert_link(connection, draft, std::move(first));
}

base::Result<User> use_link(Connection& connection, const std::string& token_hash, User user,
                            const std::string& encoded, base::Micros now) {
  const auto used = connection.execute(kUse, {token_hash, detail::stored(now)});
  if (!used) return used.failure();
  if (*used == 0) return no_such_link();
  if (auto set = detail::store_password(connection, user.id, encoded); !set) return set.failure();
  user.has_password = true;
  return user;
}

}  // namespace

OneTimeLinks::OneTimeLinks(store::Database& database, Accounts& accounts, PasswordHasher& hasher,
                           const base::Clock& clock, base::Random& random, OneTimeLinksConfig config)
    : database_(database), accounts_(accounts), hasher_(hasher), clock_(clock), random_(random), config_(config) {}

base::Async<OneTimeLink> OneTimeLinks::issue(std::string user_id) {
  Draft draft{base::SecretString(random_.token()), clock_.now(), config_};
  co_return co_await database_.write([draft = std::move(draft), user_id = std::move(user_id)](Connection& connection) {
    return issue_link(connection, draft, user_id);
  });
}

base::Result<std::optional<OneTimeLink>> OneTimeLinks::ensure_owner(NewUser owner) {
  const Draft draft{base::SecretString(random_.token()), clock_.now(), config_};
  const auto user = detail::new_user(std::move(owner), draft.now, random_);
  if (!user) return user.failure();
  return database_.write_now([&](Connection& connection) { return owner_link(connection, draft, *user); });
}

base::Async<OneTimeLink> OneTimeLinks::describe(base::SecretString token) {
  co_return co_await database_.read([hash = base::sha256_hex(token.reveal()),
                                     now = clock_.now()](Connection& connection) -> base::Result<OneTimeLink> {
    const auto rows = connection.query(kFind, {hash, detail::stored(now)});
    if (!rows) return rows.failure();
    if (rows->empty()) return no_such_link();
    const auto& row = rows->front();
    const auto purpose =
        row.text(detail::kUserColumnCount) == name(LinkPurpose::reset) ? LinkPurpose::reset : LinkPurpose::set_up;
    return OneTimeLink{detail::read_user(row), purpose, detail::time_at(row, detail::kUserColumnCount + 1), {}};
  });
}

base::Async<User> OneTimeLinks::redeem(base::SecretString token, base::SecretString password) {
  auto link = co_await describe(token);
  if (!link) co_return link.failure();
  if (auto fits = check_password(password, link->user.login); !fits) co_return fits.failure();

  auto encoded = co_await hasher_.hash(std::move(password));
  if (!encoded) co_return encoded.failure();
  auto user = co_await database_.write(
      [hash = base::sha256_hex(token.reveal()), user = std::move(link->user), encoded = *std::move(encoded),
       now = clock_.now()](Connection& connection) { return use_link(connection, hash, user, encoded, now); });
  if (user) accounts_.signed_out().emit(user->id);
  co_return user;
}

}  // namespace identity
