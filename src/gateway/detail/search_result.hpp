// The answer of gateway__search_tools.
#pragma once

#include <span>
#include <string>

#include "gateway/tool_search.hpp"

namespace gateway {

// A CallToolResult: the tools found, each with its description and input schema as the vendor sent them.
[[nodiscard]] std::string search_result(std::span<const ToolHit> hits, std::size_t searched);

}  // namespace gateway
