// The users table: its statements and its rows, shared by accounts, links and sessions. On database threads only.
#pragma once

#include <string>
#include <string_view>

#include "identity/user.hpp"
#include "store/database.hpp"

namespace identity::detail {

// What read_user() expects, from "users u", as the first columns.
inline constexpr std::size_t kUserColumnCount = 7;
#define MCPGW_USER_COLUMNS "u.id, u.login, u.display_name, u.role, u.created_at, u.disabled_at, u.password_hash"

[[nodiscard]] User read_user(const store::Row& row);
[[nodiscard]] base::Micros time_at(const store::Row& row, std::size_t column);
[[nodiscard]] std::int64_t stored(base::Micros time);

// Errors: not_found.
[[nodiscard]] base::Result<User> find_user(store::Connection& connection, const std::string& id);
// Inside a write. Errors: conflict (login taken).
[[nodiscard]] base::Result<void> insert_user(store::Connection& connection, const User& user);
// Inside a write: browser sessions and one-time links of that user end. Errors: unavailable.
[[nodiscard]] base::Result<void> end_proofs(store::Connection& connection, const std::string& user_id);
// Inside a write: sets the password and ends what rested on the older one. Errors: not_found.
[[nodiscard]] base::Result<void> store_password(store::Connection& connection, const std::string& user_id,
                                                const std::string& encoded);

}  // namespace identity::detail
