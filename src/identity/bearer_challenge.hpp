// The WWW-Authenticate field of a 401 on an MCP path (RFC 6750 section 3, RFC 9728 section 5.1).
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace identity {

// `path` is the endpoint's ("/v1/mcp"): the challenge points at its protected-resource metadata. `error` is nullptr
// when no token was sent: then the challenge says nothing of an error (RFC 6750 section 3.1). The metadata URL stands
// in quotes: clients do not find it otherwise.
[[nodiscard]] std::string bearer_challenge(std::string_view public_url, std::string_view path,
                                           const base::Error* error);

}  // namespace identity
