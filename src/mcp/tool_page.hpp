// One page of a tools/list result, read without building a tree, so that a vendor's definitions keep their bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace mcp {

struct ToolSpan {
  std::string_view definition;  // the raw object
  std::string_view name_token;  // the raw string token of its name, with quotes
  std::string name;             // unescaped
};

struct ToolPage {
  std::vector<ToolSpan> tools;  // views into the response
  std::string next_cursor;      // "" on the last page
};

// `response` is a whole JSON-RPC response with kPadding readable bytes behind it.
// Errors: vendor_invalid (no result.tools array, a tool without a name), or the vendor's own JSON-RPC error.
[[nodiscard]] base::Result<ToolPage> read_tool_page(std::string_view response);

}  // namespace mcp
