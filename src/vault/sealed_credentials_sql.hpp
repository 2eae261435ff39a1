// Statements of vault_credentials.
#pragma once

#include <string_view>

namespace vault::sql {

inline constexpr std::string_view kNextVersion =
    "UPDATE vault_counters SET value = value + 1 WHERE name = 'credential_version' RETURNING value";

inline constexpr std::string_view kFind =
    "SELECT version, sealed, state, tested_at FROM vault_credentials"
    " WHERE scope = 'user' AND owner_id = $1 AND vendor = $2";

inline constexpr std::string_view kList =
    "SELECT vendor, state, message, field_names, version, saved_at, tested_at FROM vault_credentials"
    " WHERE scope = 'user' AND owner_id = $1 ORDER BY vendor";

inline constexpr std::string_view kSave =
    "INSERT INTO vault_credentials"
    " (id, scope, owner_id, vendor, version, sealed, field_names, state, message, saved_at, tested_at)"
    " VALUES ($1, 'user', $2, $3, $4, $5, $6, $7, '', $8, NULL)"
    " ON CONFLICT (scope, owner_id, vendor) DO UPDATE SET version = excluded.version, sealed = excluded.sealed,"
    " field_names = excluded.field_names, state = excluded.state, message = excluded.message,"
    " saved_at = excluded.saved_at, tested_at = excluded.tested_at";

inline constexpr std::string_view kState =
    "SELECT state FROM vault_credentials WHERE scope = 'user' AND owner_id = $1 AND vendor = $2 AND version = $3";

inline constexpr std::string_view kNote =
    "UPDATE vault_credentials SET state = $4, message = $5, tested_at = $6"
    " WHERE scope = 'user' AND owner_id = $1 AND vendor = $2 AND version = $3";

inline constexpr std::string_view kRemove =
    "DELETE FROM vault_credentials WHERE scope = 'user' AND owner_id = $1 AND vendor = $2";

}  // namespace vault::sql
