// What of a modern vendor's tools its clients may see (2026-07-28 server/tools, "x-mcp-header").
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gateway {

// A response to tools/list without the tools whose x-mcp-header annotations break the rules; each is logged. Nothing
// when all of them may stay, or when the text is no such response.
// REQUIRES: mcp::kPadding readable bytes behind `response`; so there are behind what is returned.
[[nodiscard]] std::optional<std::string> without_invalid_tools(std::string_view vendor, std::string_view response);

}  // namespace gateway
