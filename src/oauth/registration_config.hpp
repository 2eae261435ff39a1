// The limits of dynamic client registration (RFC 7591 section 5).
#pragma once

#include <cstddef>

namespace oauth {

struct RegistrationConfig {
  std::size_t body_bytes = 64 << 10;      // beyond: 413
  int per_hour_and_peer = 300;            // beyond: 429. Ten clients that start at once are normal use
  std::size_t peers_remembered = 10'000;  // beyond: strangers share one count
};

}  // namespace oauth
