#include "gateway/detail/log_level.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "gateway/detail/own_client.hpp"
#include "json/document.hpp"

namespace gateway {
namespace {

// The least severe first.
constexpr std::array<std::string_view, 8> kLevels{"debug", "info",     "notice", "warning",
                                                  "error", "critical", "alert",  "emergency"};

auto place_of(std::string_view level) { return std::ranges::find(kLevels, level); }

}  // namespace

bool is_log_level(std::string_view level) { return place_of(level) != kLevels.end(); }

bool at_least_as_severe(std::string_view level, std::string_view threshold) {
  return place_of(level) >= place_of(threshold);
}

base::Async<void> ask_log_level(std::shared_ptr<vendor::Channel> channel, std::string level,
                                base::SteadyTime deadline) {
  if (channel->era() == mcp::Era::modern || !channel->opening_result().contains("\"logging\"")) {
    co_return base::Result<void>();
  }
  auto answered = co_await ask_vendor(std::move(channel), "logging/setLevel",
                                      fmt::format(R"("level":{})", json::quote(level)), {}, deadline);
  if (!answered) co_return std::move(answered).failure();
  co_return base::Result<void>();
}

}  // namespace gateway
