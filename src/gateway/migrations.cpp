#include "gateway/migrations.hpp"

namespace gateway {

std::vector<store::Migration> migrations() {
  return {
      {"gateway.0001", R"(
        CREATE TABLE sessions (
          id TEXT PRIMARY KEY,
          endpoint TEXT NOT NULL,
          subject TEXT NOT NULL,
          grant_id TEXT NOT NULL,
          protocol_version TEXT NOT NULL,
          initialize_params TEXT NOT NULL,
          created_at BIGINT NOT NULL,
          last_used_at BIGINT NOT NULL,
          ended_at BIGINT
        );
        CREATE INDEX sessions_by_grant ON sessions (grant_id);
        CREATE INDEX sessions_by_last_use ON sessions (last_used_at);
      )"},
      // The resources that a session's client subscribed to, by vendor: FollowedResources::text().
      {"gateway.0002", "ALTER TABLE sessions ADD COLUMN followed TEXT NOT NULL DEFAULT '{}'"},
  };
}

}  // namespace gateway
