// The decision about an authorization request (RFC 6749 section 4.1.1): who asks, for what, yes or no, and the way back
// to the client. The request is the page's own query, so that nothing is pending here.
// Thread: any I/O thread. Errors come out as errors; web::Pages makes pages of them.
#pragma once

#include <string>

#include "base/async.hpp"
#include "identity/authorization_desk.hpp"
#include "web/detail/visit.hpp"

namespace web {

class ConsentPages {
 public:
  // REQUIRES: desk outlives this object.
  explicit ConsentPages(identity::AuthorizationDesk& desk) : desk_(desk) {}

  base::Async<http::Response> show(const Visit& visit);
  // 303 to the client; or, for a client that waits on the person's machine, a page that goes there when something still
  // listens, because a browser's "connection refused" explains nothing.
  base::Async<http::Response> decide(const Visit& visit);

  // What the authorization endpoint shows when it must not redirect (RFC 6749 section 4.1.2.1).
  base::Async<http::Response> show_error(const Visit& visit);

 private:
  identity::AuthorizationDesk& desk_;
};

}  // namespace web
