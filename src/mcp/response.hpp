// The result of one response, read without building a tree, and what differs in it between the eras.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace mcp {

// Views into the response; null data when absent. What is not read here is not validated: scan() does that.
struct ResponseView {
  std::string_view id;      // raw token
  std::string_view object;  // the raw result object; null data in an error response
  std::string_view error;   // the raw error object
  int error_code = 0;
  std::string result_type;          // unescaped; "" when absent
  std::string_view input_requests;  // raw object
  std::string_view request_state;   // raw string token
  std::string_view meta;            // raw object
  std::optional<std::int64_t> ttl;  // ttlMs; 0 when it is negative, or null as with tasks
  std::string cache_scope;          // "public", "private", which anything unknown is taken for, or "" when absent
};

// REQUIRES: kPadding readable bytes behind `response`. Errors: invalid when it is no response, its result or error no
// object, one of the members above of another type, or a key stands twice in the message, the result or its _meta.
[[nodiscard]] base::Result<ResponseView> read_response(std::string_view response);

// What a server of the modern era has to add to a result of that method when its vendor did not: resultType, and ttlMs
// and cacheScope for what can be cached (2026-07-28 server/utilities/caching). `vendor_info` is a raw Implementation
// object for _meta's serverInfo; empty: left out. What is there already stays.
struct ResultHints {
  std::int64_t ttl = 0;  // milliseconds
  std::string_view cache_scope = "private";
  std::string_view server_info = {};
};
[[nodiscard]] bool is_cacheable(std::string_view method);
// The whole response as a client of the modern era takes it; of an error response, only the code changes (-32002 of
// resources/read becomes -32602).
[[nodiscard]] std::string to_modern_response(std::string_view response, const ResponseView& result,
                                             std::string_view method, const ResultHints& hints);

}  // namespace mcp
