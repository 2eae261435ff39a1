#include "store/detail/sqlite_connection.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "store/detail/sqlite_error.hpp"

namespace store::detail {
namespace {

// Ends a statement's run on every way out: a statement left open would hold its read snapshot.
class Run {
 public:
  explicit Run(sqlite3_stmt* statement) : statement_(statement) {}
  ~Run() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

 private:
  sqlite3_stmt* statement_;
};

// The bytes stay the caller's: parameters outlive the run of the statement.
int bind_value(sqlite3_stmt* statement, int index, const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return sqlite3_bind_int64(statement, index, *number);
  if (const auto* text = std::get_if<std::string>(&value)) {
    return sqlite3_bind_text64(statement, index, text->data(), text->size(), nullptr, SQLITE_UTF8);
  }
  if (const auto* blob = std::get_if<Blob>(&value)) {
    return sqlite3_bind_blob64(statement, index, blob->bytes.data(), blob->bytes.size(), nullptr);
  }
  return sqlite3_bind_null(statement, index);
}

std::string bytes(const void* data, int size) {
  return data == nullptr ? std::string() : std::string(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

base::Failure wrong_sql(std::string message, std::string_view sql) {
  return base::fail(base::Kind::bug, "store.sql", "The database refused a statement.",
                    fmt::format("{}: {}", message, sql));
}

}  // namespace

SqliteConnection::SqliteConnection(SqliteOptions options) : options_(std::move(options)) {
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open_v2(options_.path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  connection_.reset(raw);
  if (opened != SQLITE_OK) {
    throw std::runtime_error(fmt::format("cannot open the database {}: {}", options_.path,
                                         raw != nullptr ? sqlite3_errmsg(raw) : "no memory"));
  }
  sqlite3_extended_result_codes(raw, 1);
  configure();
}

void SqliteConnection::configure() {
  sqlite3_busy_timeout(connection_.get(), static_cast<int>(options_.busy_timeout.count()));
  // FULL: a commit is on the disk before it is acknowledged. secure_delete: a removed secret leaves no bytes behind.
  const auto pragmas = fmt::format(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous={}; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"
      "PRAGMA trusted_schema=OFF; PRAGMA journal_size_limit=67108864; PRAGMA query_only={};",
      options_.durable ? "FULL" : "OFF", options_.read_only ? "ON" : "OFF");
  const auto done = script(pragmas);
  if (!done) {
    throw std::runtime_error(
        fmt::format("cannot open the database {}: {} {}", options_.path, done.error().message, done.error().detail));
  }
}

base::Result<std::vector<Row>> SqliteConnection::query(std::string_view sql, const std::vector<Value>& parameters) {
  const auto statement = bind(sql, parameters);
  if (!statement) return statement.failure();
  const Run run(*statement);

  std::vector<Row> rows;
  int step = SQLITE_ROW;
  while ((step = sqlite3_step(*statement)) == SQLITE_ROW) {
    auto next = row(*statement);
    if (!next) return next.failure();
    rows.push_back(*std::move(next));
  }
  if (step != SQLITE_DONE) return base::Failure(sqlite_error(connection_.get()));
  return rows;
}

base::Result<std::int64_t> SqliteConnection::execute(std::string_view sql, const std::vector<Value>& parameters) {
  const auto statement = bind(sql, parameters);
  if (!statement) return statement.failure();
  const Run run(*statement);

  const auto before = sqlite3_total_changes64(connection_.get());
  int step = SQLITE_ROW;
  while ((step = sqlite3_step(*statement)) == SQLITE_ROW) continue;
  if (step != SQLITE_DONE) return base::Failure(sqlite_error(connection_.get()));
  // sqlite3_changes keeps the figure of an earlier statement when this one changed nothing by its nature.
  if (sqlite3_total_changes64(connection_.get()) == before) return 0;
  return sqlite3_changes64(connection_.get());
}

base::Result<void> SqliteConnection::script(std::string_view sql) {
  const std::string terminated(sql);
  if (sqlite3_exec(connection_.get(), terminated.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return base::Failure(sqlite_error(connection_.get()));
  }
  return {};
}

base::Result<void> SqliteConnection::begin() {
  const auto begun = execute(options_.read_only ? "BEGIN" : "BEGIN IMMEDIATE", {});
  if (!begun) return begun.failure();
  return {};
}

base::Result<void> SqliteConnection::commit() {
  const auto committed = execute("COMMIT", {});
  if (!committed) return committed.failure();
  return {};
}

void SqliteConnection::rollback() {
  if (sqlite3_get_autocommit(connection_.get()) == 0) static_cast<void>(execute("ROLLBACK", {}));
}

base::Result<sqlite3_stmt*> SqliteConnection::prepare(std::string_view sql) {
  if (const auto found = statements_.find(sql); found != statements_.end()) return found->second.get();

  sqlite3_stmt* raw = nullptr;
  const char* tail = nullptr;
  const int prepared = sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                          SQLITE_PREPARE_PERSISTENT, &raw, &tail);
  Statement statement(raw);
  if (prepared != SQLITE_OK) return base::Failure(sqlite_error(connection_.get()));
  const auto rest = sql.substr(static_cast<std::size_t>(tail - sql.data()));
  if (raw == nullptr || rest.find_first_not_of(" \t\r\n;") != std::string_view::npos) {
    return wrong_sql("one statement is expected", sql);
  }
  if (statements_.size() >= options_.statement_limit) statements_.clear();
  statements_.emplace(sql, std::move(statement));
  return raw;
}

base::Result<sqlite3_stmt*> SqliteConnection::bind(std::string_view sql, const std::vector<Value>& parameters) {
  auto statement = prepare(sql);
  if (!statement) return statement;
  if (static_cast<std::size_t>(sqlite3_bind_parameter_count(*statement)) != parameters.size()) {
    return wrong_sql(fmt::format("{} parameters are given", parameters.size()), sql);
  }
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    // SQLite numbers $n by first appearance, not by n.
    const int index = sqlite3_bind_parameter_index(*statement, fmt::format("${}", i + 1).c_str());
    if (index == 0) return wrong_sql(fmt::format("${} does not stand in it", i + 1), sql);
    if (bind_value(*statement, index, parameters[i]) != SQLITE_OK) {
      auto error = sqlite_error(connection_.get());
      sqlite3_clear_bindings(*statement);
      return base::Failure(std::move(error));
    }
  }
  return statement;
}

base::Result<Row> SqliteConnection::row(sqlite3_stmt* statement) {
  std::vector<Value> values;
  const int columns = sqlite3_column_count(statement);
  values.reserve(static_cast<std::size_t>(columns));
  for (int i = 0; i < columns; ++i) {
    switch (sqlite3_column_type(statement, i)) {
      case SQLITE_NULL:
        values.emplace_back();
        break;
      case SQLITE_INTEGER:
        values.emplace_back(std::int64_t{sqlite3_column_int64(statement, i)});
        break;
      case SQLITE_TEXT:
        values.emplace_back(bytes(sqlite3_column_text(statement, i), sqlite3_column_bytes(statement, i)));
        break;
      case SQLITE_BLOB:
        values.emplace_back(Blob{bytes(sqlite3_column_blob(statement, i), sqlite3_column_bytes(statement, i))});
        break;
      default:
        return wrong_sql("a floating point column", sqlite3_sql(statement));
    }
  }
  return Row(std::move(values));
}

}  // namespace store::detail
