#include "store/detail/sqlite_error.hpp"

#include <string>

namespace store::detail {
namespace {

base::Error unavailable(std::string code, std::string message, std::string detail) {
  return {base::Kind::unavailable, std::move(code), std::move(message), std::move(detail), std::chrono::seconds(1)};
}

}  // namespace

base::Error sqlite_error(sqlite3* connection) {
  const int extended = sqlite3_extended_errcode(connection);
  // SQLite's message names tables and columns, never values.
  auto detail = std::string(sqlite3_errmsg(connection)) + " (sqlite " + std::to_string(extended) + ")";

  switch (extended) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return {base::Kind::conflict, "store.exists", "This exists already.", std::move(detail), std::nullopt};
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return {base::Kind::conflict, "store.reference", "What this refers to is gone, or this is still in use.",
              std::move(detail), std::nullopt};
    default:
      break;
  }
  switch (extended & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return unavailable("store.busy", "The database is busy with another process. Try again.", std::move(detail));
    case SQLITE_FULL:
      return unavailable("store.full", "The disk that holds the database is full.", std::move(detail));
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return unavailable("store.readonly",
                         "The database cannot be written: check the owner and mode of the file and "
                         "its directory.",
                         std::move(detail));
    case SQLITE_CANTOPEN:
      return unavailable("store.open", "The database file cannot be opened.", std::move(detail));
    case SQLITE_IOERR:
    case SQLITE_PROTOCOL:
      return unavailable("store.io", "The disk that holds the database reports an error.", std::move(detail));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return unavailable("store.damaged", "The database file is damaged: restore it from a backup.", std::move(detail));
    case SQLITE_NOMEM:
    case SQLITE_INTERRUPT:
      return unavailable("store.resources", "The database ran out of memory. Try again.", std::move(detail));
    default:
      return {base::Kind::bug, "store.sql", "The database refused a statement.", std::move(detail), std::nullopt};
  }
}

}  // namespace store::detail
