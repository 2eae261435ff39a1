// Keys of _meta that the modern era reserves (2026-07-28 basic, "_meta").
#pragma once

#include <array>
#include <string_view>

namespace mcp::detail {

inline constexpr std::string_view kProtocolVersionKey = "io.modelcontextprotocol/protocolVersion";
inline constexpr std::string_view kClientInfoKey = "io.modelcontextprotocol/clientInfo";
inline constexpr std::string_view kClientCapabilitiesKey = "io.modelcontextprotocol/clientCapabilities";
inline constexpr std::string_view kLogLevelKey = "io.modelcontextprotocol/logLevel";
inline constexpr std::string_view kServerInfoKey = "io.modelcontextprotocol/serverInfo";
inline constexpr std::string_view kSubscriptionIdKey = "io.modelcontextprotocol/subscriptionId";
// 2025-11-25 basic/utilities/tasks, "Related Task Metadata".
inline constexpr std::string_view kRelatedTaskKey = "io.modelcontextprotocol/related-task";

// Those of every request.
inline constexpr std::array<std::string_view, 4> kRequestKeys{kProtocolVersionKey, kClientInfoKey,
                                                              kClientCapabilitiesKey, kLogLevelKey};

}  // namespace mcp::detail
