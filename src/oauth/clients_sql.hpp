// The statements of oauth/clients.cpp.
#pragma once

#include <string_view>

namespace oauth::sql {

inline constexpr std::string_view kAddClient =
    "INSERT INTO oauth_clients (id, secret_hash, metadata, created, last_used) VALUES ($1, $2, $3, $4, $4)";
inline constexpr std::string_view kFindClient = "SELECT id, secret_hash, metadata FROM oauth_clients WHERE id = $1";
inline constexpr std::string_view kCollectClients =
    "DELETE FROM oauth_clients WHERE id IN (SELECT id FROM oauth_clients c WHERE c.last_used < $1 AND NOT EXISTS "
    "(SELECT 1 FROM oauth_grants g WHERE g.client_id = c.id AND g.revoked IS NULL) LIMIT 1000)";

}  // namespace oauth::sql
