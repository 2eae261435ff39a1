// Who a bearer token stands for.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/error.hpp"

namespace identity {

struct Principal {
  std::string subject;    // user id
  std::string client_id;  // OAuth client that holds the token
  std::string grant_id;   // refresh-token family; sessions end when it is revoked
  std::string scope;
  base::Micros expires;
};

// Verifies access tokens. Implemented by oauth, used by gateway and web. Thread-safe, does no I/O.
class BearerVerifier {
 public:
  virtual ~BearerVerifier() = default;
  // `resource` is the URL of the endpoint asked (RFC 8707): a token for another one is refused.
  // Errors: unauthenticated (malformed, forged, expired, revoked, other audience), with a message fit for the
  // error_description of RFC 6750 section 3.
  [[nodiscard]] virtual base::Result<std::shared_ptr<const Principal>> verify(std::string_view token,
                                                                              std::string_view resource) const = 0;
  // Whether verify() would still give this principal, which it gave before: neither expired nor revoked meanwhile.
  [[nodiscard]] virtual bool still_good(const Principal& principal) const = 0;
};

}  // namespace identity
