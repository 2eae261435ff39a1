// Rotation of the master key: re-seals what was sealed under earlier versions, in every room's table.
//
// To rotate: add a version to the keys (add_master_key_version, or the environment), then rotate() with all of them.
// Safe to kill at any moment and to repeat, also while the gateway runs: every record is sealed under one version or
// the other, and both open. Remove the old version only when versions_in_use() no longer names it and no running
// process seals with it. docs/formats/sealed-record.md, "Rotation".
//
// Thread: blocks; start-up and the command line only.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "store/database.hpp"
#include "vault/sealer.hpp"

namespace vault {

struct SealedPlace {
  std::string scope;
  std::string identity;
};

// A column (BLOB, may be NULL) that holds what Sealer::seal gave. Rooms that store sealed values export one each.
struct SealedColumn {
  std::string name;  // for reports: "credentials"
  std::string table;
  std::string id_column;  // TEXT, unique
  std::string sealed_column;
  std::vector<std::string> context_columns;             // what `place` needs
  std::function<SealedPlace(const store::Row&)> place;  // from the context columns, in their order
};

struct RotationReport {
  struct Column {
    std::string name;
    std::int64_t resealed = 0;
    std::int64_t current = 0;  // were sealed under the newest version before
    std::int64_t failed = 0;   // do not open: left as they are
  };
  std::uint32_t version = 0;  // the newest
  std::vector<Column> columns;

  [[nodiscard]] std::int64_t resealed() const;
  [[nodiscard]] std::int64_t failed() const;
};

struct RotationConfig {
  std::size_t batch = 100;  // records per transaction; the gateway's own writes go between
  std::function<void(const RotationReport::Column&)> on_batch;  // progress, after each commit
};

// Errors: unavailable (what was committed stays). A record that does not open is counted, not an error.
[[nodiscard]] base::Result<RotationReport> rotate(store::Database& database, const Sealer& sealer,
                                                  const std::vector<SealedColumn>& columns,
                                                  const RotationConfig& config = {});

// How many records each version of the master key has sealed. Reads every record's head.
[[nodiscard]] base::Result<std::map<std::uint32_t, std::int64_t>> versions_in_use(
    store::Database& database, const Sealer& sealer, const std::vector<SealedColumn>& columns);

// At start: are the keys those that sealed this database? Remembers versions that it sees for the first time.
// Errors: conflict, code "vault.wrong_key" (a version has another key than before), "vault.missing_key" (records are
// sealed under a version that is not here), with what to do; unavailable.
[[nodiscard]] base::Result<void> check_keys(store::Database& database, const Sealer& sealer,
                                            const std::vector<SealedColumn>& columns);

}  // namespace vault
