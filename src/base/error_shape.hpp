// What a kind of error becomes on each surface. One row per kind, in one switch, so that a forgotten kind does
// not compile. The renderers (oauth, mcp, web) write their bodies from this row; nobody else picks a status.
#pragma once

#include <string_view>

#include "base/error.hpp"

namespace base {

enum class LogLevel { debug, info, warn, error };

struct ErrorShape {
  int http_status;                // RFC 9110
  std::string_view oauth_error;   // RFC 6749 section 5.2, when Error::code is none of OAuth's own
  int jsonrpc_code;               // JSON-RPC 2.0 section 5.1; ours lie below its range
  std::string_view problem_type;  // RFC 9457: the path under /problems/
  std::string_view title;         // RFC 9457
  LogLevel level;
};

[[nodiscard]] const ErrorShape& shape(Kind kind);

}  // namespace base
