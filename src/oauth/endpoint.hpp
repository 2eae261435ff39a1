// Every HTTP path of the authorization server. Answers are JSON whatever goes wrong; the one exception is a browser at
// /oauth/authorize, which is sent on to a page. RFC 6749, RFC 7009, RFC 7591, RFC 7662, RFC 8414, RFC 9728.
//
// /oauth/{authorize,token,register,revoke,introspect}, and /authorize, /token, /register at the root, because SDKs fall
// back to them; /.well-known/jwks.json; the metadata at every place where clients look: at the root, inserted before
// and appended to an endpoint's path. Anything else below /.well-known and /oauth: 404.
#pragma once

#include <string>
#include <string_view>

#include "base/async.hpp"
#include "http/message.hpp"
#include "oauth/authorization.hpp"
#include "oauth/resources.hpp"
#include "oauth/signing_keys.hpp"

namespace oauth {

namespace detail {
class Registrar;
class TokenEndpoint;
class TokenServices;
}  // namespace detail

// Thread-safe: one object serves all I/O threads.
class Endpoint {
 public:
  struct Parts {
    const Resources& resources;
    const SigningKeys& keys;
    Authorization& authorization;
    detail::TokenEndpoint& tokens;
    detail::TokenServices& services;
    detail::Registrar& registrar;
  };
  // REQUIRES: everything in `parts` outlives this object.
  explicit Endpoint(Parts parts) : parts_(parts) {}

  [[nodiscard]] static bool owns(std::string_view path);
  // Never fails: errors are rendered. REQUIRES: owns(request.path()); `request` outlives the call.
  base::Task<http::Response> handle(const http::Request& request);

 private:
  base::Async<http::Response> dispatch(const http::Request& request);
  base::Async<http::Response> authorize(const http::Request& request);
  [[nodiscard]] base::Result<http::Response> well_known(const http::Request& request) const;
  Parts parts_;
};

}  // namespace oauth
