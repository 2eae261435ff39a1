// What the pages need of rooms beside web. Implemented by oauth (or an adapter in app), joined in app.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/clock.hpp"

namespace web {

// What one application got from one person: a refresh-token family.
struct ConnectedApplication {
  std::string grant_id;
  std::string client_name;    // as the client names itself: untrusted, shown escaped
  std::string resource_name;  // "every vendor" or the vendor's display name
  base::Micros created;
  std::optional<base::Micros> last_used;
};

// Thread-safe; coroutines resume on the caller's thread.
class GrantDesk {
 public:
  virtual ~GrantDesk() = default;
  // Living grants of that person, newest first. Errors: unavailable.
  virtual base::Async<std::vector<ConnectedApplication>> list(std::string user_id) = 0;
  // Ends the grant and every token of it, durably. Errors: not_found (unknown, or of another person), unavailable.
  virtual base::Async<void> revoke(std::string user_id, std::string grant_id) = 0;
};

}  // namespace web
