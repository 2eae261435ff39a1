// The metadata documents that clients discover: RFC 9728 (protected resource), RFC 8414 (authorization server) and
// OpenID Connect Discovery 1.0, as JSON text.
#pragma once

#include <string>
#include <string_view>

#include "oauth/resources.hpp"

namespace oauth {

// `resource` is what Resources::at_path gave. authorization_servers[0] is the issuer, byte for byte.
[[nodiscard]] std::string protected_resource_metadata(const Resources& resources, std::string_view resource);

enum class ServerMetadata {
  oauth,   // RFC 8414
  openid,  // with the members that OpenID Connect Discovery requires; clients' parsers insist on them
};
[[nodiscard]] std::string server_metadata(const Resources& resources, ServerMetadata kind);

}  // namespace oauth
