// Log levels (RFC 5424 in MCP's words: 2025-11-25 server/utilities/logging), and asking a legacy vendor's session for
// one.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/async.hpp"
#include "vendor/channel.hpp"

namespace gateway {

[[nodiscard]] bool is_log_level(std::string_view level);
// REQUIRES: both are levels.
[[nodiscard]] bool at_least_as_severe(std::string_view level, std::string_view threshold);

// Sends logging/setLevel where the vendor has log messages, and waits for its answer.
base::Async<void> ask_log_level(std::shared_ptr<vendor::Channel> channel, std::string level, base::SteadyTime deadline);

}  // namespace gateway
