#include "vault/rotation.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vault {
namespace {

using store::Blob;
using store::Connection;

// The head of a sealed record is its format and key version: equal heads, equal version.
constexpr int kHead = 5;

struct Batch {
  RotationReport::Column done;
  std::string last_id;
  bool more = true;
};

std::string select_sql(const SealedColumn& column, std::size_t limit) {
  return fmt::format("SELECT {} FROM {} WHERE substr({}, 1, {}) <> $1 AND {} > $2 ORDER BY {} LIMIT {}",
                     fmt::join(
                         [&] {
                           auto columns = column.context_columns;
                           columns.insert(columns.end(), {column.id_column, column.sealed_column});
                           return columns;
                         }(),
                         ", "),
                     column.table, column.sealed_column, kHead, column.id_column, column.id_column, limit);
}

std::string update_sql(const SealedColumn& column) {
  return fmt::format("UPDATE {} SET {} = $1 WHERE {} = $2", column.table, column.sealed_column, column.id_column);
}

// The five bytes that every record under the newest version begins with.
std::string current_head(const Sealer& sealer) { return sealer.seal("", "", "").substr(0, kHead); }

base::Result<Batch> reseal_batch(Connection& connection, const Sealer& sealer, const SealedColumn& column,
                                 const std::string& after, std::size_t limit) {
  const auto rows = connection.query(select_sql(column, limit), {Blob{current_head(sealer)}, after});
  if (!rows) return rows.failure();

  Batch batch{.done = {.name = column.name}, .last_id = after, .more = rows->size() == limit};
  const auto update = update_sql(column);
  const auto id_index = column.context_columns.size();
  for (const auto& row : *rows) {
    batch.last_id = row.text(id_index);
    const auto place = column.place(row);
    const auto plaintext = sealer.open(place.scope, place.identity, row.blob(id_index + 1));
    if (!plaintext) {
      ++batch.done.failed;
      continue;
    }
    const auto updated = connection.execute(
        update, {Blob{sealer.seal(place.scope, place.identity, plaintext->reveal())}, batch.last_id});
    if (!updated) return updated.failure();
    ++batch.done.resealed;
  }
  return batch;
}

base::Result<std::int64_t> count_current(Connection& connection, const Sealer& sealer, const SealedColumn& column) {
  const auto rows = connection.query(
      fmt::format("SELECT count(*) FROM {} WHERE substr({}, 1, {}) = $1", column.table, column.sealed_column, kHead),
      {Blob{current_head(sealer)}});
  if (!rows) return rows.failure();
  return rows->at(0).integer(0);
}

base::Result<RotationReport::Column> rotate_column(store::Database& database, const Sealer& sealer,
                                                   const SealedColumn& column, const RotationConfig& config) {
  const auto current = database.read_now([&](Connection& c) { return count_current(c, sealer, column); });
  if (!current) return current.failure();

  RotationReport::Column total{.name = column.name, .current = *current};
  Batch batch;
  while (batch.more) {
    auto next = database.write_now([&](Connection& c) {
      return reseal_batch(c, sealer, column, batch.last_id, std::max<std::size_t>(config.batch, 1));
    });
    if (!next) return base::Failure(std::move(next.error()).at(column.name));
    batch = *std::move(next);
    total.resealed += batch.done.resealed;
    total.failed += batch.done.failed;
    if (config.on_batch) config.on_batch(total);
  }
  return total;
}

base::Result<void> count_versions(Connection& connection, const Sealer& sealer, const SealedColumn& column,
                                  std::map<std::uint32_t, std::int64_t>& counts) {
  const auto rows =
      connection.query(fmt::format("SELECT substr({0}, 1, {1}), count(*) FROM {2} WHERE {0} IS NOT NULL GROUP BY 1",
                                   column.sealed_column, kHead, column.table),
                       {});
  if (!rows) return rows.failure();
  for (const auto& row : *rows) {
    auto padded = row.blob(0);
    padded.resize(Sealer::kOverhead);  // the least that key_version() takes for a record
    if (const auto version = sealer.key_version(padded)) counts[*version] += row.integer(1);
  }
  return {};
}

base::Result<void> check_fingerprint(Connection& connection, std::uint32_t version, const std::string& fingerprint) {
  const auto added = connection.execute(
      "INSERT INTO vault_keys (version, fingerprint) VALUES ($1, $2) ON CONFLICT (version) DO NOTHING",
      {std::int64_t{version}, fingerprint});
  if (!added) return added.failure();
  const auto rows = connection.query("SELECT fingerprint FROM vault_keys WHERE version = $1", {std::int64_t{version}});
  if (!rows) return rows.failure();
  if (rows->at(0).text(0) == fingerprint) return {};
  return base::fail(base::Kind::conflict, "vault.wrong_key",
                    fmt::format("Version {} of the master key is not the one that this database was sealed with. "
                                "Restore the master key that belongs to this database.",
                                version));
}

}  // namespace

std::int64_t RotationReport::resealed() const {
  std::int64_t sum = 0;
  for (const auto& column : columns) sum += column.resealed;
  return sum;
}

std::int64_t RotationReport::failed() const {
  std::int64_t sum = 0;
  for (const auto& column : columns) sum += column.failed;
  return sum;
}

base::Result<RotationReport> rotate(store::Database& database, const Sealer& sealer,
                                    const std::vector<SealedColumn>& columns, const RotationConfig& config) {
  RotationReport report{.version = sealer.current_version(), .columns = {}};
  for (const auto& column : columns) {
    auto done = rotate_column(database, sealer, column, config);
    if (!done) return std::move(done).failure();
    report.columns.push_back(*std::move(done));
  }
  return report;
}

base::Result<std::map<std::uint32_t, std::int64_t>> versions_in_use(store::Database& database, const Sealer& sealer,
                                                                    const std::vector<SealedColumn>& columns) {
  using Counts = std::map<std::uint32_t, std::int64_t>;
  return database.read_now([&](Connection& connection) -> base::Result<Counts> {
    Counts counts;
    for (const auto& column : columns) {
      if (auto counted = count_versions(connection, sealer, column, counts); !counted) {
        return std::move(counted).failure();
      }
    }
    return counts;
  });
}

base::Result<void> check_keys(store::Database& database, const Sealer& sealer,
                              const std::vector<SealedColumn>& columns) {
  const auto here = sealer.versions();
  const auto used = versions_in_use(database, sealer, columns);
  if (!used) return used.failure();
  for (const auto& [version, count] : *used) {
    if (std::ranges::find(here, version) != here.end()) continue;
    return base::fail(base::Kind::conflict, "vault.missing_key",
                      fmt::format("{} stored secrets are sealed with version {} of the master key, which is missing. "
                                  "Put it back into the master key file.",
                                  count, version));
  }
  return database.write_now([&](Connection& connection) -> base::Result<void> {
    for (const auto version : here) {
      auto fine = check_fingerprint(connection, version, sealer.fingerprint(version));
      if (!fine) return fine;
    }
    return {};
  });
}

}  // namespace vault
