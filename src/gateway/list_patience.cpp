#include "gateway/list_patience.hpp"

#include <algorithm>

namespace gateway {
namespace {

constexpr std::chrono::milliseconds kGrace{250};
constexpr std::size_t kEnoughAnswers = 3;
constexpr int kTurns = 10;

}  // namespace

std::optional<std::chrono::steady_clock::duration> longest_pause(std::vector<base::SteadyTime> answers) {
  if (answers.size() < kEnoughAnswers) return std::nullopt;
  std::ranges::sort(answers);
  std::chrono::steady_clock::duration longest{};
  for (std::size_t i = 1; i < answers.size(); ++i) longest = std::max(longest, answers[i] - answers[i - 1]);
  return longest;
}

base::SteadyTime patience_end(const Config& config, const SilentVendor& silent, const OtherVendors& others) {
  const auto longest = silent.since + config.list_wait;
  const bool failing = silent.health.consecutive_failures > 0;
  const bool may_be_starting = silent.definition.stdio && !failing;
  if (!others.slowest || may_be_starting) return longest;

  const auto like_others = silent.since + *others.slowest + *others.slowest / 10;
  const auto grace = std::min<std::chrono::steady_clock::duration>(kGrace, 2 * others.longest_pause.value_or(kGrace));
  auto end = std::max(like_others, std::max(silent.since, others.last_answer) + grace);
  const bool answers = silent.health.last_success && silent.health.latency && !failing;
  if (answers) end = std::max(end, silent.since + kTurns * *silent.health.latency);
  return std::min(end, longest);
}

}  // namespace gateway
