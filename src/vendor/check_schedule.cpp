#include "vendor/check_schedule.hpp"

#include <algorithm>
#include <cmath>

namespace vendor {
namespace {

constexpr int kQuickChecks = 3;
constexpr double kGrowth = 1.5;
constexpr int kMostGrowth = 20;  // 1.5^20 is beyond any limit; keeps the power finite

}  // namespace

std::chrono::milliseconds CheckSchedule::next(Outcome outcome, double fraction) {
  failures_ = outcome == Outcome::failed ? std::min(failures_ + 1, kQuickChecks + kMostGrowth) : 0;

  auto wait = static_cast<double>(config_.interval.count());
  if (failures_ > 0) {
    const auto growth = std::pow(kGrowth, std::max(0, failures_ - kQuickChecks));
    wait = std::min(static_cast<double>(config_.after_failure.count()) * growth,
                    static_cast<double>(config_.longest.count()));
  }
  const auto factor = 1 - config_.jitter + 2 * config_.jitter * fraction;
  return std::chrono::milliseconds(std::llround(wait * factor));
}

}  // namespace vendor
