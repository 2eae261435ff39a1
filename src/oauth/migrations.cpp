#include "oauth/migrations.hpp"

namespace oauth {
namespace {

// Codes, refresh tokens and client secrets are stored as SHA-256 in hex only. A grant's client_id has no foreign key:
// clients with a metadata document are known by their URL alone. org_id waits for organizations.
constexpr std::string_view kFirst = R"sql(
CREATE TABLE oauth_clients (
  id           TEXT PRIMARY KEY,
  org_id       TEXT,
  secret_hash  TEXT,
  metadata     TEXT NOT NULL,
  created      BIGINT NOT NULL,
  last_used    BIGINT NOT NULL
);
CREATE TABLE oauth_grants (
  id           TEXT PRIMARY KEY,
  org_id       TEXT,
  user_id      TEXT NOT NULL,
  client_id    TEXT NOT NULL,
  client_name  TEXT NOT NULL,
  resources    TEXT NOT NULL,
  scope        TEXT NOT NULL,
  created      BIGINT NOT NULL,
  last_used    BIGINT NOT NULL,
  expires      BIGINT NOT NULL,
  revoked      BIGINT
);
CREATE INDEX oauth_grants_user ON oauth_grants (user_id);
CREATE INDEX oauth_grants_client ON oauth_grants (client_id);
CREATE INDEX oauth_grants_revoked ON oauth_grants (revoked);
CREATE TABLE oauth_codes (
  hash            TEXT PRIMARY KEY,
  user_id         TEXT NOT NULL,
  client_id       TEXT NOT NULL,
  client_name     TEXT NOT NULL,
  redirect_uri    TEXT NOT NULL,
  code_challenge  TEXT NOT NULL,
  resources       TEXT NOT NULL,
  scope           TEXT NOT NULL,
  refreshable     BIGINT NOT NULL,
  expires         BIGINT NOT NULL,
  grant_id        TEXT
);
CREATE INDEX oauth_codes_expires ON oauth_codes (expires);
CREATE TABLE oauth_refresh_tokens (
  hash      TEXT PRIMARY KEY,
  grant_id  TEXT NOT NULL REFERENCES oauth_grants (id) ON DELETE CASCADE,
  issued    BIGINT NOT NULL,
  replaced  BIGINT
);
CREATE INDEX oauth_refresh_tokens_grant ON oauth_refresh_tokens (grant_id);
CREATE TABLE oauth_signing_keys (
  kid         TEXT PRIMARY KEY,
  sealed      BLOB NOT NULL,
  created     BIGINT NOT NULL,
  signs_from  BIGINT NOT NULL
);
)sql";

}  // namespace

std::vector<store::Migration> migrations() { return {{"oauth.0001", kFirst}}; }

}  // namespace oauth
