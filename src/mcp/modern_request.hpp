// Requests carried from one era to the other: what the modern era says in each request's _meta, the legacy era said
// once when its session was opened (2026-07-28 basic, "Per-request protocol fields"). Everything else keeps its bytes.
#pragma once

#include <string>
#include <string_view>

#include "mcp/envelope.hpp"

namespace mcp {

// Raw JSON, but for the revision and the level.
struct RequestMeta {
  std::string_view protocol_version = {};     // "2026-07-28"
  std::string_view client_info = {};          // an object; empty: left out
  std::string_view client_capabilities = {};  // an object
  std::string_view log_level = {};            // "info"; empty: left out
};

// The request with these fields in its _meta, in place of any that stand there already; params and _meta are added when
// absent. `envelope` is scan(text).
[[nodiscard]] std::string with_request_meta(std::string_view text, const Envelope& envelope, const RequestMeta& meta);

// The request as a legacy peer takes it: without the io.modelcontextprotocol/ fields of _meta that the modern era
// reserves for every request, without inputResponses and requestState. progressToken and all other keys stay.
[[nodiscard]] std::string without_request_meta(std::string_view text, const Envelope& envelope);

// The same request without inputResponses and requestState, or with other ones (raw JSON; empty: left out).
[[nodiscard]] std::string with_input_responses(std::string_view text, const Envelope& envelope,
                                               std::string_view input_responses, std::string_view request_state);

// Whether a modern request carries what it must. Errors: invalid with code "invalid_params", naming the missing field
// or the bad logLevel.
[[nodiscard]] base::Result<void> check_request_meta(const Envelope& envelope);

}  // namespace mcp
