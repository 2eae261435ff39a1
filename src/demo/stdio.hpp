// One demo vendor over stdio (MCP basic/transports, "stdio"): one JSON-RPC message per line, in and out. This is what
// `mcp-gateway demo-vendor --stdio` runs, so that a supervised command can be tried without another program.
#pragma once

#include <chrono>
#include <iosfwd>
#include <string_view>

#include "base/clock.hpp"

namespace demo {

struct StdioConfig {
  std::string_view api_key;  // what DEMO_API_KEY holds; demo-tickets refuses every call without the right one
  std::chrono::milliseconds step{400};  // pause before each progress notification
};

// Serves "demo-docs" or "demo-tickets" until `in` ends; blocks. False for another name.
bool serve_stdio(std::string_view name, const base::Clock& clock, std::istream& in, std::ostream& out,
                 StdioConfig config);

}  // namespace demo
