// The words of the initialize handshake (2025-11-25 basic/lifecycle), which are the same on every transport.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "mcp/revision.hpp"
#include "vendor/detail/received.hpp"

namespace vendor::detail {

// What a vendor said when it was first asked.
struct Opening {
  mcp::Era era = mcp::Era::legacy;
  std::string result;            // InitializeResult or DiscoverResult, as sent
  std::string protocol_version;  // one that the gateway speaks
};

// The first request on a channel, initialize or server/discover, has this id; callers get larger ones.
inline constexpr std::uint64_t kOpeningId = 1;
inline constexpr std::string_view kInitializedNotification =
    R"({"jsonrpc":"2.0","method":"notifications/initialized"})";

[[nodiscard]] std::string initialize_request(std::string_view initialize_params, std::uint64_t id = kOpeningId);
// notifications/cancelled for a request of ours.
[[nodiscard]] std::string cancelled_notification(std::uint64_t id, std::string_view reason);

// The code of errors by which a vendor of the modern era answers what the legacy era asks.
inline constexpr std::string_view kSpeaksModern = "vendor.speaks_modern";
[[nodiscard]] base::Failure speaks_modern(std::string_view vendor, std::string_view words);

// Reads the response to initialize.
// Errors: vendor_invalid (an error response, no result, an unknown revision; with code kSpeaksModern for an error of
// the modern era), vendor_rejected (an error response that speaks of the credential).
[[nodiscard]] base::Result<Opening> read_initialized(std::string_view vendor, const Message& response);

}  // namespace vendor::detail
