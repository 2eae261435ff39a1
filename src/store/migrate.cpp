#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/clock.hpp"
#include "store/database.hpp"

namespace store {
namespace {

constexpr std::string_view kCreateTable =
    "CREATE TABLE IF NOT EXISTS schema_migrations (id TEXT NOT NULL PRIMARY KEY, applied_at BIGINT NOT NULL)";

base::Result<std::set<std::string, std::less<>>> applied(Connection& connection) {
  const auto rows = connection.query("SELECT id FROM schema_migrations", {});
  if (!rows) return rows.failure();
  std::set<std::string, std::less<>> ids;
  for (const auto& row : *rows) ids.insert(row.text(0));
  return ids;
}

base::Result<void> refuse_newer(const std::set<std::string, std::less<>>& ids,
                                const std::vector<Migration>& migrations) {
  for (const auto& id : ids) {
    if (std::ranges::find(migrations, id, &Migration::id) != migrations.end()) continue;
    return base::fail(base::Kind::conflict, "store.newer",
                      fmt::format("The database was written by a newer version: it holds the migration {}, which this "
                                  "version does not know. Run that version, or restore a backup.",
                                  id));
  }
  return {};
}

// True when it was applied now. Asked again inside the transaction: another process may be migrating too.
base::Result<bool> apply(Connection& connection, const Migration& migration) {
  const auto ids = applied(connection);
  if (!ids) return ids.failure();
  if (ids->contains(migration.id)) return false;

  if (auto done = connection.script(migration.sql); !done) {
    return base::Failure(std::move(done.error()).at(fmt::format("migration {}", migration.id)));
  }
  const auto noted =
      connection.execute("INSERT INTO schema_migrations (id, applied_at) VALUES ($1, $2)",
                         {std::string(migration.id), base::SystemClock().now().time_since_epoch().count()});
  if (!noted) return noted.failure();
  return true;
}

}  // namespace

base::Result<std::vector<std::string>> Database::migrate(const std::vector<Migration>& migrations) {
  auto known = write_now([](Connection& connection) -> base::Result<std::set<std::string, std::less<>>> {
    if (auto created = connection.script(kCreateTable); !created) return created.failure();
    return applied(connection);
  });
  if (!known) return known.failure();
  if (auto newer = refuse_newer(*known, migrations); !newer) return newer.failure();

  std::vector<std::string> done;
  for (const auto& migration : migrations) {
    const auto now = write_now([migration](Connection& connection) { return apply(connection, migration); });
    if (!now) return now.failure();
    if (*now) done.emplace_back(migration.id);
  }
  return done;
}

}  // namespace store
