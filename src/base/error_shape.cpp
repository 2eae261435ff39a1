#include "base/error_shape.hpp"

#include <utility>

namespace base {

// Trouble inside is never server_error in OAuth: clients answer that by opening a browser (measured with
// mcp-remote), while temporarily_unavailable makes them try again.
const ErrorShape& shape(Kind kind) {
  using enum LogLevel;
  static constexpr ErrorShape invalid{400, "invalid_request", -32602, "invalid", "Invalid request", info};
  static constexpr ErrorShape unauthenticated{401, "invalid_token", -33001, "unauthenticated", "Sign-in required",
                                              info};
  static constexpr ErrorShape forbidden{403, "access_denied", -33003, "forbidden", "Not allowed", info};
  static constexpr ErrorShape not_found{404, "invalid_request", -32601, "not-found", "Not found", info};
  static constexpr ErrorShape method{405, "invalid_request", -32600, "method-not-allowed", "Method not allowed", info};
  static constexpr ErrorShape conflict{409, "invalid_request", -32600, "conflict", "Conflict", info};
  static constexpr ErrorShape too_large{413, "invalid_request", -32600, "too-large", "Too large", info};
  static constexpr ErrorShape too_many{429, "slow_down", -33029, "too-many", "Too many requests", warn};
  static constexpr ErrorShape down{502, "temporarily_unavailable", -33010, "vendor-down", "Vendor down", warn};
  static constexpr ErrorShape timeout{504, "temporarily_unavailable", -33011, "vendor-timeout", "Vendor timeout", warn};
  static constexpr ErrorShape garbled{502, "temporarily_unavailable", -33012, "vendor-invalid", "Vendor answer invalid",
                                      warn};
  static constexpr ErrorShape rejected{502, "temporarily_unavailable", -33013, "vendor-rejected", "Credential rejected",
                                       info};
  static constexpr ErrorShape unavailable{503, "temporarily_unavailable", -33000, "unavailable", "Unavailable", error};
  static constexpr ErrorShape cancelled{499, "temporarily_unavailable", -32800, "cancelled", "Cancelled", debug};
  static constexpr ErrorShape bug{503, "temporarily_unavailable", -32603, "internal", "Internal error", error};
  switch (kind) {
    case Kind::invalid:
      return invalid;
    case Kind::unauthenticated:
      return unauthenticated;
    case Kind::forbidden:
      return forbidden;
    case Kind::not_found:
      return not_found;
    case Kind::method_not_allowed:
      return method;
    case Kind::conflict:
      return conflict;
    case Kind::too_large:
      return too_large;
    case Kind::too_many:
      return too_many;
    case Kind::vendor_down:
      return down;
    case Kind::vendor_timeout:
      return timeout;
    case Kind::vendor_invalid:
      return garbled;
    case Kind::vendor_rejected:
      return rejected;
    case Kind::unavailable:
      return unavailable;
    case Kind::cancelled:
      return cancelled;
    case Kind::bug:
      return bug;
  }
  std::unreachable();
}

}  // namespace base
