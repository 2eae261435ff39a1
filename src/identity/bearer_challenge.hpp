// What a 401 on an MCP path says: RFC 6750 section 3, RFC 9728 section 5.1.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace identity {

// The value of WWW-Authenticate for the endpoint at `path` ("/v1/mcp", "/v1/hudu/mcp"):
//   Bearer resource_metadata="<public_url>/.well-known/oauth-protected-resource/v1/mcp"
// `refusal` is why the token that was sent is not good, and adds error and error_description; nullptr when no token was
// sent, since a challenge to a caller without one names no error (RFC 6750 section 3.1).
// `public_url` has no trailing slash; one with a path has it inserted after the well-known part (RFC 9728 section 3.1).
[[nodiscard]] std::string bearer_challenge(std::string_view public_url, std::string_view path,
                                           const base::Error* refusal);

}  // namespace identity
