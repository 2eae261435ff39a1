// server/discover (2026-07-28 server/discover) as the gateway asks it by itself, and what the answer says of a vendor's
// era (basic/versioning, "Backward Compatibility"). The same words on every transport.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "vendor/detail/handshake.hpp"

namespace vendor::detail {

[[nodiscard]] std::string discover_request(std::uint64_t id);

// The code of errors by which a vendor of the modern era refuses server/discover, or has no revision in common with us.
inline constexpr std::string_view kDiscoverRefused = "vendor.discover_refused";

// Reads the response to server/discover: what a modern vendor said, or nothing when it is one of the legacy era.
// Errors: vendor_invalid with code kDiscoverRefused; vendor_rejected (a refusal that speaks of the credential).
[[nodiscard]] base::Result<std::optional<Opening>> read_discovered(std::string_view vendor, std::string_view response);

// ttlMs of a DiscoverResult; 0 when it has none.
[[nodiscard]] std::chrono::milliseconds ttl_of(std::string_view discover_result);

}  // namespace vendor::detail
