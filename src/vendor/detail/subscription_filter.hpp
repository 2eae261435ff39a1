// What the gateway asks of a vendor by subscriptions/listen (2026-07-28 basic/patterns/subscriptions), and what it says
// to a listener in the vendor's place after a gap.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "vendor/channel.hpp"

namespace vendor::detail {

// The part of what is asked that a vendor with this DiscoverResult offers.
[[nodiscard]] Subscriptions offered(const Subscriptions& asked, std::string_view discover_result);
[[nodiscard]] bool is_empty(const Subscriptions& filter);

[[nodiscard]] std::string listen_request(std::uint64_t id, const Subscriptions& filter);
// One notification for everything that may have changed unheard.
[[nodiscard]] std::vector<Message> missed_notifications(const Subscriptions& filter);

}  // namespace vendor::detail
