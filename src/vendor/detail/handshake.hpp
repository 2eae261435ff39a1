// The words of the initialize handshake (2025-11-25 basic/lifecycle), which are the same on every transport.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "vendor/detail/received.hpp"

namespace vendor::detail {

struct Initialized {
  std::string result;            // InitializeResult, as sent
  std::string protocol_version;  // one of the legacy era
};

inline constexpr std::uint64_t kInitializeId = 1;
inline constexpr std::string_view kInitializedNotification =
    R"({"jsonrpc":"2.0","method":"notifications/initialized"})";

[[nodiscard]] std::string initialize_request(std::string_view initialize_params);
// notifications/cancelled for a request of ours.
[[nodiscard]] std::string cancelled_notification(std::uint64_t id, std::string_view reason);

// Reads the response to initialize.
// Errors: vendor_invalid (an error response, no result, an unknown revision), vendor_rejected (an error response that
// speaks of the credential).
[[nodiscard]] base::Result<Initialized> read_initialized(std::string_view vendor, const Message& response);

}  // namespace vendor::detail
