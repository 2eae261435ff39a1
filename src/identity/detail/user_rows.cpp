#include "identity/detail/user_rows.hpp"

#include "identity/detail/login.hpp"

namespace identity::detail {
namespace {

constexpr std::string_view kFind = "SELECT " MCPGW_USER_COLUMNS " FROM users u WHERE u.id = $1";
constexpr std::string_view kInsert =
    "INSERT INTO users (id, login, login_key, display_name, role, created_at) VALUES ($1, $2, $3, $4, $5, $6) "
    "ON CONFLICT (login_key) DO NOTHING";
constexpr std::string_view kEndSessions = "DELETE FROM browser_sessions WHERE user_id = $1";
constexpr std::string_view kEndLinks = "DELETE FROM one_time_links WHERE user_id = $1";
constexpr std::string_view kSetPassword = "UPDATE users SET password_hash = $2 WHERE id = $1";

base::Failure nobody() { return base::fail(base::Kind::not_found, "identity.user", "There is no such person."); }

}  // namespace

User read_user(const store::Row& row) {
  User user{.id = row.text(0),
            .login = row.text(1),
            .display_name = row.text(2),
            .role = row.text(3),
            .created = time_at(row, 4),
            .disabled = std::nullopt,
            .has_password = !row.is_null(6)};
  if (!row.is_null(5)) user.disabled = time_at(row, 5);
  return user;
}

base::Micros time_at(const store::Row& row, std::size_t column) {
  return base::Micros(std::chrono::microseconds(row.integer(column)));
}

std::int64_t stored(base::Micros time) { return time.time_since_epoch().count(); }

base::Result<User> find_user(store::Connection& connection, const std::string& id) {
  const auto rows = connection.query(kFind, {id});
  if (!rows) return rows.failure();
  if (rows->empty()) return nobody();
  return read_user(rows->front());
}

base::Result<void> insert_user(store::Connection& connection, const User& user) {
  const auto inserted = connection.execute(
      kInsert, {user.id, user.login, fold_case(user.login), user.display_name, user.role, stored(user.created)});
  if (!inserted) return inserted.failure();
  if (*inserted == 0) {
    return base::fail(base::Kind::conflict, "identity.login_taken", "Somebody has that login already.");
  }
  return {};
}

base::Result<void> end_proofs(store::Connection& connection, const std::string& user_id) {
  for (const auto statement : {kEndSessions, kEndLinks}) {
    if (const auto ended = connection.execute(statement, {user_id}); !ended) return ended.failure();
  }
  return {};
}

base::Result<void> store_password(store::Connection& connection, const std::string& user_id,
                                  const std::string& encoded) {
  const auto changed = connection.execute(kSetPassword, {user_id, encoded});
  if (!changed) return changed.failure();
  if (*changed == 0) return nobody();
  return end_proofs(connection, user_id);
}

}  // namespace identity::detail
