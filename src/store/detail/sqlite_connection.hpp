// One SQLite connection with its prepared statements. Thread: one at a time.
#pragma once

#include <sqlite3.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "store/database.hpp"

namespace store::detail {

struct SqliteOptions {
  std::string path;
  std::chrono::milliseconds busy_timeout{5'000};
  bool read_only = false;
  bool durable = true;                // false: no fsync, for temporary files
  std::size_t statement_limit = 512;  // prepared statements kept; beyond, all are dropped and made again
};

class SqliteConnection final : public Connection {
 public:
  // The file must exist. Throws std::runtime_error with path and reason.
  explicit SqliteConnection(SqliteOptions options);

  base::Result<std::vector<Row>> query(std::string_view sql, const std::vector<Value>& parameters) override;
  base::Result<std::int64_t> execute(std::string_view sql, const std::vector<Value>& parameters) override;
  base::Result<void> script(std::string_view sql) override;

  // A transaction; the writer takes the write lock at once, so that no later statement of it can find it taken.
  [[nodiscard]] base::Result<void> begin();
  [[nodiscard]] base::Result<void> commit();
  // Never fails: what SQLite rolled back by itself is rolled back.
  void rollback();

 private:
  struct CloseConnection {
    void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;
  struct SqlHash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  void configure();
  base::Result<sqlite3_stmt*> prepare(std::string_view sql);
  base::Result<sqlite3_stmt*> bind(std::string_view sql, const std::vector<Value>& parameters);
  base::Result<Row> row(sqlite3_stmt* statement);

  SqliteOptions options_;
  std::unique_ptr<sqlite3, CloseConnection> connection_;
  std::unordered_map<std::string, Statement, SqlHash, std::equal_to<>> statements_;
};

}  // namespace store::detail
