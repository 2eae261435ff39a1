// What a client of the legacy era said of itself in initialize.
#pragma once

#include <string>

namespace gateway {

// Immutable; the sessions of one client's software share it.
struct ClientProfile {
  std::string initialize_params;  // as the client sent them (JSON object); "{}" when they are not known
  std::string capabilities;       // raw ClientCapabilities
  std::string info;               // raw Implementation; "" when unknown
};

[[nodiscard]] ClientProfile read_client_profile(const std::string& initialize_params);

}  // namespace gateway
