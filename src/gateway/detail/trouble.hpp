// How the caller learns that a vendor failed a request.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace gateway {

// The response to a request of that method, naming the vendor. A call's trouble is told as a tool's result, so that the
// model reads it (server/tools, "Error Handling"); any other method gets a JSON-RPC error.
[[nodiscard]] std::string trouble(std::string_view method, std::string_view id, const base::Error& error,
                                  std::string_view vendor);

}  // namespace gateway
