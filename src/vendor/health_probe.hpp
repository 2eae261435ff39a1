// Asks a vendor by MCP itself whether it is there, for the health monitor.
#pragma once

#include <memory>

#include "base/async.hpp"
#include "vendor/definition.hpp"

namespace vendor {

class HealthProbe {
 public:
  virtual ~HealthProbe() = default;
  // Success: the vendor answered by the protocol, be it with a JSON-RPC error. Without any credential.
  // Errors: vendor_down, vendor_timeout, vendor_invalid; vendor_rejected (it answers, but wants a credential).
  // Failures are told to the health board by whoever finds them, as channels do for every call; the caller tells only
  // of a 4xx (code "vendor.http_refused"), which channels do not hold against a vendor.
  virtual base::Async<void> check(std::shared_ptr<const Definition> definition, base::SteadyTime deadline) = 0;
  // This definition is checked no more: whatever is kept for it may go.
  virtual void forget(const std::shared_ptr<const Definition>& definition) = 0;
};

}  // namespace vendor
