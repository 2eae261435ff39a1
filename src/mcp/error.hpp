// JSON-RPC answers that the gateway makes itself (JSON-RPC 2.0 section 5; MCP specification, basic).
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace mcp {

// JSON-RPC 2.0 section 5.1.
inline constexpr int kParseError = -32700;
inline constexpr int kInvalidRequest = -32600;
inline constexpr int kMethodNotFound = -32601;
inline constexpr int kInvalidParams = -32602;
inline constexpr int kInternalError = -32603;
// What clients show for a session that was ended: the code of the official SDKs.
inline constexpr int kSessionNotFound = -32001;
// 2025-11-25 server/resources, "Error Handling"; the modern era has kInvalidParams instead.
inline constexpr int kResourceNotFound = -32002;
// 2025-11-25 client/elicitation, "URL Elicitation Required".
inline constexpr int kUrlElicitationRequired = -32042;
// 2026-07-28 basic, "Error Codes".
inline constexpr int kHeaderMismatch = -32020;
inline constexpr int kMissingRequiredClientCapability = -32021;
inline constexpr int kUnsupportedProtocolVersion = -32022;

// The HTTP status of a modern response with that error code; 200 for a result, and for errors that come from the work
// itself (2026-07-28 basic/transports/streamable-http, "Protocol Version Header", "Server Validation").
[[nodiscard]] int http_status(int error_code);

// `id` is a raw token; empty gives null.
[[nodiscard]] std::string error_response(std::string_view id, int code, std::string_view message);
// By base/error_shape.hpp, but parse_error and invalid_request of scan() keep JSON-RPC's own codes.
[[nodiscard]] std::string error_response(std::string_view id, const base::Error& error);
// `result` is raw JSON.
[[nodiscard]] std::string result_response(std::string_view id, std::string_view result);
// A CallToolResult with isError, so that the model reads what went wrong (server/tools, "Error Handling").
[[nodiscard]] std::string tool_error_response(std::string_view id, std::string_view text);
// A notification without params: "notifications/tools/list_changed".
[[nodiscard]] std::string notification(std::string_view method);

}  // namespace mcp
