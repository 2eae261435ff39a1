#include "identity/migrations.hpp"

namespace identity {

std::vector<store::Migration> migrations() {
  return {
      {"identity.0001", R"(
        CREATE TABLE users (
          id TEXT NOT NULL PRIMARY KEY,
          org_id TEXT,
          login TEXT NOT NULL,
          login_key TEXT NOT NULL UNIQUE,
          display_name TEXT NOT NULL,
          role TEXT NOT NULL,
          password_hash TEXT,
          created_at BIGINT NOT NULL,
          disabled_at BIGINT
        );
        CREATE TABLE browser_sessions (
          key TEXT NOT NULL PRIMARY KEY,
          user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
          user_agent TEXT NOT NULL,
          created_at BIGINT NOT NULL,
          last_seen_at BIGINT NOT NULL,
          expires_at BIGINT NOT NULL
        );
        CREATE INDEX browser_sessions_by_user ON browser_sessions (user_id);
        CREATE INDEX browser_sessions_by_expiry ON browser_sessions (expires_at);
        CREATE TABLE one_time_links (
          token_hash TEXT NOT NULL PRIMARY KEY,
          user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
          purpose TEXT NOT NULL,
          created_at BIGINT NOT NULL,
          expires_at BIGINT NOT NULL
        );
        CREATE INDEX one_time_links_by_user ON one_time_links (user_id);
      )"},
      // Preferences: identity::name(ToolListing).
      {"identity.0002", "ALTER TABLE users ADD COLUMN tool_listing TEXT NOT NULL DEFAULT 'automatic'"},
  };
}

}  // namespace identity
