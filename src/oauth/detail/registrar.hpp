// POST /oauth/register: RFC 7591 section 3. Open to everybody, so limited per peer. Thread-safe.
#pragma once

#include <string>
#include <unordered_map>

#include "base/async.hpp"
#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "http/message.hpp"
#include "oauth/clients.hpp"
#include "oauth/registration_config.hpp"

namespace oauth::detail {

// Counts per peer in windows of one hour.
class RegistrationLimit {
 public:
  explicit RegistrationLimit(RegistrationConfig config) : config_(config) {}
  // True when the peer may register one more client now.
  [[nodiscard]] bool admit(const std::string& peer, base::Micros now);

 private:
  struct Window {
    base::Micros began;
    int count = 0;
  };
  RegistrationConfig config_;
  base::Mutex mutex_;
  std::unordered_map<std::string, Window> windows_ MCPGW_GUARDED_BY(mutex_);
};

class Registrar {
 public:
  // REQUIRES: all references outlive this object.
  Registrar(Clients& clients, const base::Clock& clock, RegistrationConfig config);
  // Errors: invalid_client_metadata, invalid_redirect_uri; too_large; too_many; unavailable.
  base::Async<http::Response> handle(const http::Request& request);

 private:
  Clients& clients_;
  const base::Clock& clock_;
  RegistrationConfig config_;
  RegistrationLimit limit_;
};

}  // namespace oauth::detail
