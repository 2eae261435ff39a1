// The answers of the MCP endpoints that are no relayed message: refusals and acknowledgements.
#pragma once

#include <string>
#include <string_view>

#include "gateway/config.hpp"
#include "http/exchange.hpp"

namespace gateway {

base::Task<void> respond_status(http::Exchange& exchange, int status, std::string body);
// 202 without a body, for notifications and responses.
base::Task<void> respond_accepted(http::Exchange& exchange);
// By base/error_shape.hpp, as a JSON-RPC error without an id. For failures before the bearer is accepted, or of GET and
// DELETE; the text never has the word that clients take for a failed sign-in.
base::Task<void> respond_error(http::Exchange& exchange, base::Error error);
base::Task<void> respond_method_not_allowed(http::Exchange& exchange, std::string_view allow);
// 404 for an ended session; trouble with the store keeps the session alive: 503.
base::Task<void> respond_session_error(http::Exchange& exchange, const base::Error& error);
// 401 with WWW-Authenticate (RFC 6750 section 3, RFC 9728 section 5.1).
base::Task<void> respond_challenge(http::Exchange& exchange, const Config& config, std::string_view slug,
                                   std::string_view token, base::Error error);

// What the unified endpoint tells models about itself.
[[nodiscard]] std::string unified_instructions(std::string_view public_url);

// What clients of the modern era fall back on: the revisions served here.
[[nodiscard]] std::string unsupported_revision(std::string_view id, std::string_view asked);

}  // namespace gateway
