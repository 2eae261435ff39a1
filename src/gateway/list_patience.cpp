#include "gateway/list_patience.hpp"

#include <algorithm>

namespace gateway {
namespace {

constexpr std::chrono::microseconds kGrace{250'000};
constexpr int kTurns = 10;

}  // namespace

base::SteadyTime patience_end(const Config& config, const SilentVendor& silent, const OtherVendors& others) {
  const auto longest = silent.since + config.list_wait;
  const bool failing = silent.health.consecutive_failures > 0;
  const bool may_be_starting = silent.definition.stdio && !failing;
  if (!others.slowest || may_be_starting) return longest;

  const auto like_others = silent.since + *others.slowest + *others.slowest / 10;
  const auto sureness = static_cast<std::int64_t>(std::min<std::size_t>(std::max<std::size_t>(others.known, 1), 1'000));
  auto end = std::max(like_others, std::max(silent.since, others.last_answer) + kGrace / (sureness * sureness));
  const bool answers = silent.health.last_success && silent.health.latency && !failing;
  if (answers) end = std::max(end, silent.since + kTurns * *silent.health.latency);
  return std::min(end, longest);
}

}  // namespace gateway
