// The header fields in which a modern request repeats parts of its body (2026-07-28 basic/transports/streamable-http,
// "Request Metadata"): checked for what clients send, made for what vendors get.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message.hpp"
#include "mcp/envelope.hpp"

namespace mcp {

// One parameter that a tool's inputSchema mirrors into a field by x-mcp-header.
struct MirroredParameter {
  std::string header;             // "Mcp-Param-Region"
  std::vector<std::string> path;  // keys of nested properties in the call's arguments
};

// The annotations in one tool definition's inputSchema (raw JSON object). Nothing of a $ref is followed.
// Errors: invalid, saying which annotation breaks which rule: such a tool is left out of lists.
[[nodiscard]] base::Result<std::vector<MirroredParameter>> mirrored_parameters(std::string_view definition);

// Fields for a call with these arguments (raw JSON object or empty), values encoded. A parameter that is absent, null,
// an object or an array gives none. REQUIRES: kPadding readable bytes behind `arguments`.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> parameter_headers(
    const std::vector<MirroredParameter>& parameters, std::string_view arguments);

// What Mcp-Name repeats of a request: params.name or params.uri; params.taskId of tasks/… (the tasks extension). Null
// data when there is none.
[[nodiscard]] std::string_view mirrored_name(const Envelope& envelope [[clang::lifetimebound]]);

// The Mcp-Param-* fields of a head, as they came.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> parameter_fields(const http::Headers& headers);

// MCP-Protocol-Version, Mcp-Method and Mcp-Name against the body. Mcp-Name is required for tools/call, prompts/get and
// resources/read; where it stands on another method it must match too if the body has a name.
// Errors: invalid with code "header_mismatch", naming the field and both values; also for a field that stands twice.
[[nodiscard]] base::Result<void> check_request_headers(const http::Headers& headers, const Envelope& envelope);

// The Mcp-Param-* fields of a call of that tool: each mirrored parameter that has a value must be there and equal
// (integers by value), and none may stand there without one. Fields of no known parameter are ignored.
// REQUIRES: kPadding readable bytes behind `arguments`. Errors: as above; also for arguments with a key that stands
// twice on the way to such a value.
[[nodiscard]] base::Result<void> check_parameter_headers(const http::Headers& headers,
                                                         const std::vector<MirroredParameter>& parameters,
                                                         std::string_view arguments);

}  // namespace mcp
