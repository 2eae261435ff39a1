// What the consent page needs of the authorization server. Implemented by oauth, used by web: the page shows, the
// desk decides. An authorization request is carried in the page's URL until it is decided, so nothing is pending on
// the server and nothing times out while a person looks for a second factor.
#pragma once

#include <string>
#include <string_view>

#include "base/async.hpp"

namespace identity {

// A request of RFC 6749 section 4.1.1 that passed every check that needs no person.
struct AuthorizationRequest {
  std::string client_id;
  std::string client_name;  // as the client names itself: untrusted, shown escaped
  std::string client_host;  // host of a Client ID Metadata Document; "" for registered clients
  std::string redirect_uri;
  std::string redirect_host;  // "localhost:3335": what the consent page names
  bool redirect_is_loopback = false;
  std::string resource;       // the endpoint the token will be good for
  std::string resource_name;  // "every vendor" or the vendor's display name
  std::string scope;
};

enum class Decision { approve, deny };

class AuthorizationDesk {
 public:
  virtual ~AuthorizationDesk() = default;
  // Checks the query of /oauth/authorize again. Errors: invalid, unavailable; never redirects.
  virtual base::Async<AuthorizationRequest> describe(std::string query) = 0;
  // Ends the request for that user. Returns the whole URL to send the browser to (code, state and iss; or error).
  virtual base::Async<std::string> decide(std::string query, std::string user_id, Decision decision) = 0;
};

}  // namespace identity
