// The statements of oauth/grants.cpp and its details.
#pragma once

#include <string_view>

namespace oauth::sql {

inline constexpr std::string_view kAddCode =
    "INSERT INTO oauth_codes (hash, user_id, client_id, client_name, redirect_uri, code_challenge, resources, scope, "
    "refreshable, expires) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
inline constexpr std::string_view kFindCode =
    "SELECT user_id, client_id, client_name, redirect_uri, code_challenge, resources, scope, refreshable, expires, "
    "grant_id FROM oauth_codes WHERE hash = $1";
inline constexpr std::string_view kUseCode =
    "UPDATE oauth_codes SET grant_id = $2 WHERE hash = $1 AND grant_id IS NULL";

inline constexpr std::string_view kAddGrant =
    "INSERT INTO oauth_grants (id, user_id, client_id, client_name, resources, scope, created, last_used, expires) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)";
inline constexpr std::string_view kTouchGrant = "UPDATE oauth_grants SET last_used = $2, expires = $3 WHERE id = $1";
inline constexpr std::string_view kTouchClient = "UPDATE oauth_clients SET last_used = $2 WHERE id = $1";
inline constexpr std::string_view kEndGrant =
    "UPDATE oauth_grants SET revoked = $2 WHERE id = $1 AND revoked IS NULL RETURNING id, user_id, client_id";
inline constexpr std::string_view kEndGrantOfUser =
    "UPDATE oauth_grants SET revoked = $3 WHERE id = $1 AND user_id = $2 AND revoked IS NULL "
    "RETURNING id, user_id, client_id";
inline constexpr std::string_view kEndAllOfUser =
    "UPDATE oauth_grants SET revoked = $2 WHERE user_id = $1 AND revoked IS NULL RETURNING id, user_id, client_id";
inline constexpr std::string_view kRevokedSince =
    "SELECT id, user_id, client_id, revoked FROM oauth_grants WHERE revoked > $1";
inline constexpr std::string_view kListGrants =
    "SELECT id, user_id, client_id, client_name, resources, scope, created, last_used FROM oauth_grants "
    "WHERE user_id = $1 AND revoked IS NULL AND expires > $2 ORDER BY created DESC LIMIT 1000";

inline constexpr std::string_view kAddRefreshToken =
    "INSERT INTO oauth_refresh_tokens (hash, grant_id, issued) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING";
// The first eight columns are those of kListGrants.
inline constexpr std::string_view kFindRefreshToken =
    "SELECT g.id, g.user_id, g.client_id, g.client_name, g.resources, g.scope, g.created, g.last_used, g.expires, "
    "g.revoked, r.replaced FROM oauth_refresh_tokens r JOIN oauth_grants g ON g.id = r.grant_id WHERE r.hash = $1";
inline constexpr std::string_view kReplaceRefreshToken =
    "UPDATE oauth_refresh_tokens SET replaced = $2 WHERE hash = $1 AND replaced IS NULL";
inline constexpr std::string_view kIsReplaced = "SELECT replaced FROM oauth_refresh_tokens WHERE hash = $1";

inline constexpr std::string_view kCollectCodes = "DELETE FROM oauth_codes WHERE expires < $1";
inline constexpr std::string_view kCollectReplaced = "DELETE FROM oauth_refresh_tokens WHERE replaced < $1";
inline constexpr std::string_view kCollectTokensOfDead =
    "DELETE FROM oauth_refresh_tokens WHERE grant_id IN "
    "(SELECT id FROM oauth_grants WHERE revoked < $1 OR expires < $1)";
inline constexpr std::string_view kCollectGrants = "DELETE FROM oauth_grants WHERE revoked < $1 OR expires < $1";

}  // namespace oauth::sql
