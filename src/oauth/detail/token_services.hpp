// POST /oauth/revoke (RFC 7009) and /oauth/introspect (RFC 7662). Thread-safe.
#pragma once

#include "base/async.hpp"
#include "http/message.hpp"
#include "oauth/client_directory.hpp"
#include "oauth/grants.hpp"
#include "oauth/token_verifier.hpp"

namespace oauth::detail {

class TokenServices {
 public:
  // REQUIRES: all references outlive this object.
  TokenServices(ClientDirectory& clients, Grants& grants, const TokenVerifier& verifier, std::string issuer);

  // Ends the grant of a refresh or access token; a token that is unknown is dead already: 200 too (section 2.2).
  // Errors: invalid_client; unauthorized_client (another client's token); unavailable.
  base::Async<http::Response> revoke(const http::Request& request);
  // {"active": false} for everything but a live token that this client may ask about: a confidential client about any,
  // a public one about its own. Errors: invalid_client; unavailable.
  base::Async<http::Response> introspect(const http::Request& request);

 private:
  ClientDirectory& clients_;
  Grants& grants_;
  const TokenVerifier& verifier_;
  std::string issuer_;
};

}  // namespace oauth::detail
