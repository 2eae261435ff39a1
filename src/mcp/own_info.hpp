// What the gateway says of itself, to clients and to vendors (2025-11-25 basic/lifecycle; 2026-07-28 basic,
// "clientInfo").
#pragma once

#include <string>
#include <string_view>

#include "base/version.hpp"
#include "mcp/revision.hpp"

namespace mcp {

// An Implementation object.
inline constexpr std::string_view kOwnInfo =
    R"({"name":"mcp-gateway","title":"MCP Gateway","version":")" MCPGW_VERSION R"("})";

// params._meta of a request that the gateway makes for itself, in the modern era; it offers nothing.
[[nodiscard]] std::string own_request_meta();

// Params of initialize. `capabilities`: a raw ClientCapabilities object.
[[nodiscard]] std::string own_initialize_params(std::string_view protocol_version = kNewestLegacy,
                                                std::string_view capabilities = "{}");

}  // namespace mcp
