// What a server asks of a client: inside an input_required result in the modern era (2026-07-28 basic/patterns/mrtr),
// by requests of its own in the legacy era; and which capability of the client each needs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace mcp {

// One request of a vendor inside an input_required result (2026-07-28 basic/patterns/mrtr, "InputRequests").
struct InputRequest {
  std::string key;          // unescaped
  std::string method;       // elicitation/create, sampling/createMessage, roots/list, or something unknown
  std::string_view params;  // raw; null data when absent
};
// REQUIRES: kPadding readable bytes behind them. Errors: vendor_invalid.
[[nodiscard]] base::Result<std::vector<InputRequest>> read_input_requests(std::string_view input_requests);

// The client's capability that a server's request needs: "elicitation", "elicitation.url", "sampling",
// "sampling.tools", "roots"; "" for a method that needs none or is unknown. `params` raw, without padding.
[[nodiscard]] std::string_view required_capability(std::string_view method, std::string_view params);
// Whether raw ClientCapabilities, without padding, have it. An empty elicitation object means form mode (2025-11-25
// client/elicitation).
[[nodiscard]] bool has_capability(std::string_view client_capabilities, std::string_view capability);

}  // namespace mcp
