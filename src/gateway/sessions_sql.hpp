// Statements of the sessions table.
#pragma once

#include <string_view>

namespace gateway::sql {

inline constexpr std::string_view kInsertSession =
    "INSERT INTO sessions (id, endpoint, subject, grant_id, protocol_version, initialize_params, created_at, "
    "last_used_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT (id) DO NOTHING";
inline constexpr std::string_view kFindSession =
    "SELECT endpoint, subject, grant_id, protocol_version, initialize_params, created_at, ended_at, followed FROM "
    "sessions WHERE id = $1";
inline constexpr std::string_view kKeepFollowed = "UPDATE sessions SET followed = $2 WHERE id = $1";
inline constexpr std::string_view kTouchSession = "UPDATE sessions SET last_used_at = $2 WHERE id = $1";
// A session that the store never knew is ended too, so that its id is not quietly taken again.
inline constexpr std::string_view kEndSession =
    "INSERT INTO sessions (id, endpoint, subject, grant_id, protocol_version, initialize_params, created_at, "
    "last_used_at, ended_at) "
    "VALUES ($1, $2, $3, '', '', '{}', $4, $4, $4) ON CONFLICT (id) DO UPDATE SET ended_at = $4";
inline constexpr std::string_view kEndSessionsOfGrant =
    "UPDATE sessions SET ended_at = $2 WHERE grant_id = $1 AND ended_at IS NULL";
inline constexpr std::string_view kCollectSessions = "DELETE FROM sessions WHERE last_used_at < $1";

}  // namespace gateway::sql
