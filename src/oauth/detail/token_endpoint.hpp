// POST /oauth/token: RFC 6749 sections 4.1.3 and 6, RFC 7636 section 4.5, RFC 8707 section 2.2. Thread-safe.
#pragma once

#include "base/async.hpp"
#include "http/message.hpp"
#include "oauth/access_token.hpp"
#include "oauth/client_directory.hpp"
#include "oauth/grants.hpp"
#include "oauth/resources.hpp"

namespace oauth::detail {

class TokenEndpoint {
 public:
  // REQUIRES: all references outlive this object.
  TokenEndpoint(ClientDirectory& clients, Grants& grants, const TokenMinter& minter, const Resources& resources);

  // Errors: RFC 6749 section 5.2; unavailable. `request` must outlive the call.
  base::Async<http::Response> handle(const http::Request& request);

 private:
  base::Async<Granted> redeem(const http::Parameters& form, const Client& client);
  base::Async<Granted> refresh(const http::Parameters& form, const Client& client);
  [[nodiscard]] http::Response answer(const Granted& granted, const Audience& audience) const;
  ClientDirectory& clients_;
  Grants& grants_;
  const TokenMinter& minter_;
  const Resources& resources_;
};

}  // namespace oauth::detail
