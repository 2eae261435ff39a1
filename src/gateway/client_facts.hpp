// What a client said of itself: once in initialize (legacy era), or with each request (modern era).
#pragma once

#include <string>
#include <string_view>

#include "mcp/revision.hpp"

namespace gateway {

// The views point into the session or into the request.
struct ClientFacts {
  mcp::Era era = mcp::Era::legacy;
  std::string_view capabilities = "{}";  // raw ClientCapabilities
  std::string_view info;                 // raw Implementation; "" when unknown
  std::string log_level;                 // least severe log message it wants; "" for none asked for
};

}  // namespace gateway
