// The steady clock as of the system's last tick.
#pragma once

#include <ctime>

#include "base/async.hpp"

namespace base {

// steady_clock::now() of some milliseconds ago, at a fifth of its cost: for waits of seconds that every request begins.
[[nodiscard]] inline SteadyTime coarse_now() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
  return SteadyTime(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

}  // namespace base
