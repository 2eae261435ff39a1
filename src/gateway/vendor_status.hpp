// How one vendor stands for one person: whether its tools are there, why not, and what to do. For gateway__status.
// Thread: any.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/catalogue.hpp"
#include "gateway/connections.hpp"
#include "vendor/health.hpp"

namespace gateway {

struct VendorStatus {
  std::string vendor;  // slug
  std::string name;
  std::string_view state;  // one of kVendorStates
  std::size_t tools = 0;   // as listed now
  std::string reason;      // why its tools are missing, and what to do; "" when they are there
  std::string link;        // the page of the connection
  std::string last_error;  // never a secret; "" for none
};

// up: its tools are listed. degraded: the same, but it fails or is slow. failing: nothing could be listed yet.
// unreadable: the gateway cannot open the credential. unknown: it was not heard of yet.
inline constexpr std::array<std::string_view, 8> kVendorStates{
    "up", "degraded", "down", "failing", "needs_credential", "rejected", "unreadable", "unknown"};

[[nodiscard]] VendorStatus vendor_status(const Connection& connection, const ListState& tools,
                                         const vendor::Health& health, std::string_view public_url);

// As a CallToolResult (2025-11-25 server/tools, "Structured Content"): lines of text for the model, and the same as
// structured content.
[[nodiscard]] std::string status_result(const std::vector<VendorStatus>& vendors, std::string_view public_url);

}  // namespace gateway
