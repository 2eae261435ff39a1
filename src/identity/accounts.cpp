#include "identity/accounts.hpp"

#include <optional>
#include <utility>

#include "base/log.hpp"
#include "identity/detail/login.hpp"
#include "identity/detail/user_rows.hpp"
#include "identity/password_rules.hpp"

namespace identity {
namespace {

using store::Connection;

constexpr std::string_view kFindByLogin = "SELECT " MCPGW_USER_COLUMNS " FROM users u WHERE u.login_key = $1";
constexpr std::string_view kList = "SELECT " MCPGW_USER_COLUMNS " FROM users u ORDER BY u.login_key";
// Only the hash that was checked is replaced: another password may have been set meanwhile.
constexpr std::string_view kRenewHash = "UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2";
constexpr std::string_view kDisable = "UPDATE users SET disabled_at = $2 WHERE id = $1 AND disabled_at IS NULL";
constexpr std::string_view kEnable = "UPDATE users SET disabled_at = NULL WHERE id = $1";
constexpr std::string_view kOtherOwners =
    "SELECT count(*) FROM users WHERE id <> $1 AND role = $2 AND disabled_at IS NULL AND password_hash IS NOT NULL";

base::Failure wrong() {
  return base::fail(base::Kind::unauthenticated, "identity.sign_in", "The login or the password is wrong.");
}

struct Candidate {
  User user;
  std::string password_hash;  // "": may not sign in
};

base::Result<std::optional<Candidate>> find_candidate(Connection& connection, const std::string& login_key) {
  const auto rows = connection.query(kFindByLogin, {login_key});
  if (!rows) return rows.failure();
  if (rows->empty()) return std::nullopt;
  Candidate candidate{detail::read_user(rows->front()), {}};
  if (candidate.user.has_password && !candidate.user.disabled) candidate.password_hash = rows->front().text(6);
  return candidate;
}

base::Result<void> disable_user(Connection& connection, const std::string& id, base::Micros now) {
  const auto user = detail::find_user(connection, id);
  if (!user) return user.failure();
  if (user->role == kOwner) {
    const auto others = connection.query(kOtherOwners, {id, std::string(kOwner)});
    if (!others) return others.failure();
    if (others->at(0).integer(0) == 0) {
      return base::fail(base::Kind::conflict, "identity.last_owner",
                        "This is the last owner who can sign in. Make somebody else an owner first.");
    }
  }
  const auto disabled = connection.execute(kDisable, {id, detail::stored(now)});
  if (!disabled) return disabled.failure();
  return detail::end_proofs(connection, id);
}

}  // namespace

Accounts::Accounts(store::Database& database, PasswordHasher& hasher, const base::Clock& clock, base::Random& random)
    : database_(database), hasher_(hasher), clock_(clock), random_(random) {}

base::Async<User> Accounts::create(NewUser user) {
  auto made = detail::new_user(std::move(user), clock_.now(), random_);
  if (!made) co_return made;
  co_return co_await database_.write([user = *std::move(made)](Connection& connection) -> base::Result<User> {
    if (auto inserted = detail::insert_user(connection, user); !inserted) return inserted.failure();
    return user;
  });
}

base::Async<User> Accounts::find(std::string id) {
  co_return co_await database_.read(
      [id = std::move(id)](Connection& connection) { return detail::find_user(connection, id); });
}

base::Async<User> Accounts::find_by_login(std::string login) {
  auto found = co_await database_.read(
      [key = detail::fold_case(login)](Connection& connection) { return find_candidate(connection, key); });
  if (!found) co_return found.failure();
  if (!*found) co_return base::fail(base::Kind::not_found, "identity.user", "Nobody has that login.");
  co_return std::move((*found)->user);
}

base::Async<std::vector<User>> Accounts::list() {
  co_return co_await database_.read([](Connection& connection) -> base::Result<std::vector<User>> {
    const auto rows = connection.query(kList, {});
    if (!rows) return rows.failure();
    std::vector<User> users;
    for (const auto& row : *rows) users.push_back(detail::read_user(row));
    return users;
  });
}

base::Async<void> Accounts::set_password(std::string id, base::SecretString password) {
  const auto user = co_await find(id);
  if (!user) co_return user.failure();
  if (auto fits = check_password(password, user->login); !fits) co_return fits;

  auto encoded = co_await hasher_.hash(std::move(password));
  if (!encoded) co_return encoded.failure();
  auto stored = co_await database_.write([id, encoded = *std::move(encoded)](Connection& connection) {
    return detail::store_password(connection, id, encoded);
  });
  if (stored) signed_out_.emit(id);
  co_return stored;
}

base::Async<User> Accounts::verify_password(std::string login, base::SecretString password) {
  auto found = co_await database_.read(
      [key = detail::fold_case(login)](Connection& connection) { return find_candidate(connection, key); });
  if (!found) co_return found.failure();

  // Whoever may not sign in costs the same: the answer's time tells no more than its text.
  const bool may_sign_in = *found && !(*found)->password_hash.empty();
  const auto encoded = may_sign_in ? (*found)->password_hash : hasher_.decoy();
  const auto matches = co_await hasher_.verify(password, encoded);
  if (!matches) co_return matches.failure();
  if (!may_sign_in || !*matches) co_return wrong();

  if (hasher_.is_outdated(encoded)) co_await renew_hash((*found)->user.id, encoded, std::move(password));
  co_return std::move((*found)->user);
}

// Best effort: the next sign-in tries again.
base::Task<void> Accounts::renew_hash(std::string id, std::string old_hash, base::SecretString password) {
  auto encoded = co_await hasher_.hash(std::move(password));
  if (!encoded) {
    base::log::warn("identity.hash_not_renewed", {{"user", id}, {"error", encoded.error().code}});
    co_return;
  }
  const auto renewed = co_await database_.write(
      [id, old_hash = std::move(old_hash), encoded = *std::move(encoded)](Connection& connection) {
        return connection.execute(kRenewHash, {id, old_hash, encoded});
      });
  if (!renewed) base::log::warn("identity.hash_not_renewed", {{"user", id}, {"error", renewed.error().code}});
}

base::Async<void> Accounts::disable(std::string id) {
  auto disabled = co_await database_.write(
      [id, now = clock_.now()](Connection& connection) { return disable_user(connection, id, now); });
  if (disabled) signed_out_.emit(id);
  co_return disabled;
}

base::Async<void> Accounts::enable(std::string id) {
  co_return co_await database_.write([id = std::move(id)](Connection& connection) -> base::Result<void> {
    const auto user = detail::find_user(connection, id);
    if (!user) return user.failure();
    if (const auto enabled = connection.execute(kEnable, {id}); !enabled) return enabled.failure();
    return {};
  });
}

}  // namespace identity
