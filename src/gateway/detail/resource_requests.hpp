// resources/subscribe to a vendor of the legacy era (2025-11-25 server/resources, "Subscriptions"), and what clients
// are told of resources.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/async.hpp"
#include "vendor/channel.hpp"

namespace gateway {

// False when the vendor refuses that resource. Errors: those of vendor::Call::next.
base::Async<bool> subscribe_to(std::shared_ptr<vendor::Channel> channel, std::string uri, base::SteadyTime deadline);

// notifications/resources/updated.
[[nodiscard]] std::string resource_updated(std::string_view uri);

}  // namespace gateway
