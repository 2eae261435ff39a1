#include "vault/migrations.hpp"

namespace vault {
namespace {

// scope: who owner_id is, 'user' for a person. org_id: the organization the owner acts for, once there are several.
// version: from vault_counters, so that it grows over removals too; what is cached under one is never met again.
constexpr std::string_view kCredentials = R"sql(
CREATE TABLE vault_credentials (
  id TEXT NOT NULL PRIMARY KEY,
  scope TEXT NOT NULL,
  owner_id TEXT NOT NULL,
  org_id TEXT,
  vendor TEXT NOT NULL,
  version BIGINT NOT NULL,
  sealed BLOB NOT NULL,
  field_names TEXT NOT NULL,
  state TEXT NOT NULL,
  message TEXT NOT NULL,
  saved_at BIGINT NOT NULL,
  tested_at BIGINT,
  UNIQUE (scope, owner_id, vendor)
);
CREATE TABLE vault_counters (
  name TEXT NOT NULL PRIMARY KEY,
  value BIGINT NOT NULL
);
INSERT INTO vault_counters (name, value) VALUES ('credential_version', 0);
)sql";

// The versions of the master key that were ever used here, by fingerprint.
constexpr std::string_view kKeys = R"sql(
CREATE TABLE vault_keys (
  version BIGINT NOT NULL PRIMARY KEY,
  fingerprint TEXT NOT NULL
);
)sql";

}  // namespace

std::vector<store::Migration> migrations() { return {{"vault.0001", kCredentials}, {"vault.0002", kKeys}}; }

}  // namespace vault
