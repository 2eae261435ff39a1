// SQLite's result codes in our words.
#pragma once

#include <sqlite3.h>

#include "base/error.hpp"

namespace store::detail {

// The last failure on `connection`. conflict: unique, primary and foreign keys. unavailable: busy, full, I/O,
// read-only, damaged, out of memory. bug: everything else (the statement is wrong).
[[nodiscard]] base::Error sqlite_error(sqlite3* connection);

}  // namespace store::detail
