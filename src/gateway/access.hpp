// Who may speak to the MCP endpoints at all: the Origin and Host checks against DNS rebinding (2025-11-25
// basic/transports, "Security Warning"), and the bearer token.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "gateway/config.hpp"
#include "http/message.hpp"
#include "identity/principal.hpp"

namespace gateway {

// Errors: forbidden, naming the Origin or Host that is not allowed and the setting that allows it.
[[nodiscard]] base::Result<void> check_origin(const Config& config, const http::Headers& headers);

// The token of "Authorization: Bearer …" (RFC 6750 section 2.1); "" when there is none.
[[nodiscard]] std::string_view bearer_token(const http::Headers& headers);

// The W3C trace context of the caller when it is well-formed; "" otherwise.
[[nodiscard]] std::string_view traceparent(const http::Headers& headers);

}  // namespace gateway
