// The database, as the rooms use it: SQL with $1..$n parameters (the common subset of SQLite and PostgreSQL), run as
// functions on database threads, never on an I/O thread. Each room keeps its own SQL and migrations.
//
//   auto row = co_await db.read([id](store::Connection& c) -> base::Result<std::optional<User>> {
//     auto rows = c.query("SELECT name FROM users WHERE id = $1", {id});
//     if (!rows) return rows.failure();
//     ...
//   });
//
// Time is stored as BIGINT microseconds, JSON as TEXT, bytes as BLOB, ids as UUIDv7 text.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "base/async.hpp"

namespace store {

struct Blob {
  std::string bytes;
  bool operator==(const Blob&) const = default;
};
using Value = std::variant<std::monostate, std::int64_t, std::string, Blob>;  // monostate: NULL

// One row; columns by index. Asking for another type than the stored one is a bug and throws std::logic_error.
class Row {
 public:
  explicit Row(std::vector<Value> values) : values_(std::move(values)) {}
  [[nodiscard]] bool is_null(std::size_t column) const;
  [[nodiscard]] std::int64_t integer(std::size_t column) const;
  [[nodiscard]] const std::string& text(std::size_t column) const [[clang::lifetimebound]];
  [[nodiscard]] const std::string& blob(std::size_t column) const [[clang::lifetimebound]];

 private:
  std::vector<Value> values_;
};

// One connection inside read() or write(): valid during that call, on that thread.
// Errors: conflict (unique or foreign key), unavailable (busy, full, I/O, damaged file), bug (the SQL itself is wrong).
// After an error give the whole piece of work up: PostgreSQL runs nothing more in a transaction that has failed.
class Connection {
 public:
  virtual ~Connection() = default;
  // One statement. Parameter $n is parameters[n - 1], may stand several times, and must stand at least once.
  virtual base::Result<std::vector<Row>> query(std::string_view sql, const std::vector<Value>& parameters) = 0;
  // Returns the number of rows changed.
  virtual base::Result<std::int64_t> execute(std::string_view sql, const std::vector<Value>& parameters) = 0;
  // Several statements without parameters, for migrations.
  virtual base::Result<void> script(std::string_view sql) = 0;
};

struct Migration {
  std::string_view id;  // "identity.0001": unique, applied in the order given
  std::string_view sql;
};

struct DatabaseConfig {
  std::string path;                  // SQLite file; ":memory:" for tests: a temporary file that goes with the object
  std::size_t readers = 2;           // threads for read(), at least 1
  std::size_t queue_limit = 10'000;  // jobs waiting for readers, and for the writer; beyond: unavailable
  std::chrono::milliseconds busy_timeout{5'000};  // wait for another process that writes; then: unavailable
};

namespace detail {
class Job;
}

// Thread-safe. SQLite in WAL mode: one writer thread, N reader threads. Other processes may use the file meanwhile.
//
// `work` runs on another thread and must own what it uses (capture by value): when an event loop is destroyed, its
// waiting coroutines go, the work does not. What `work` throws is rethrown to the awaiting caller, after a roll-back.
// Once posted, work is not cancelled; the awaiting coroutine resumes when it has ended, and only then sees a cancel.
class Database {
 public:
  // Opens or creates the file (mode 0600). Throws std::runtime_error with the path and reason.
  explicit Database(DatabaseConfig config);
  // Finishes what is queued. REQUIRES: nobody posts any more.
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Applies what is missing, each in its own transaction. Errors: unavailable; conflict when the file was written by a
  // newer version (it holds migrations that are unknown here).
  [[nodiscard]] base::Result<std::vector<std::string>> migrate(const std::vector<Migration>& migrations);

  // Runs `work` on a reader thread and resumes on the caller's I/O thread. `work` is Result<T>(Connection&); all its
  // queries see the database at one moment. Errors: those of `work`; unavailable (queue full).
  template <class Work, class R = std::invoke_result_t<Work&, Connection&>>
  base::Task<R> read(Work work);
  // The same in a transaction on the writer thread: committed (durably) when the Result holds a value, else rolled
  // back.
  template <class Work, class R = std::invoke_result_t<Work&, Connection&>>
  base::Task<R> write(Work work);

  // The same, blocking the caller: start-up and the command line only, never inside `work`.
  template <class Work, class R = std::invoke_result_t<Work&, Connection&>>
  R read_now(Work work);
  template <class Work, class R = std::invoke_result_t<Work&, Connection&>>
  R write_now(Work work);

  // Jobs waiting for a database thread now.
  [[nodiscard]] std::size_t queued() const;

 private:
  class Impl;
  enum class Lane { read, write };
  base::Task<void> run(Lane lane, std::shared_ptr<detail::Job> job);
  void run_now(Lane lane, std::shared_ptr<detail::Job> job);
  std::unique_ptr<Impl> impl_;
};

}  // namespace store

#include "store/detail/database_run.hpp"
