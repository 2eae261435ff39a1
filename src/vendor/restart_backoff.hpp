// When a process that ended may be started again: 1 s after its end, twice as long after each further one, and from
// the start again once one has lived long. A plain state machine; time comes as an argument.
#pragma once

#include <algorithm>
#include <chrono>

#include "base/async.hpp"

namespace vendor {

struct RestartConfig {
  std::chrono::milliseconds first_delay{1'000};
  std::chrono::milliseconds longest_delay{60'000};
  std::chrono::milliseconds long_life{60'000};  // a process that lived this long starts the count anew
};

class RestartBackoff {
 public:
  explicit RestartBackoff(RestartConfig config) : config_(config) {}

  void on_crash(base::SteadyTime started, base::SteadyTime now) {
    const bool lived = now - started >= config_.long_life;
    delay_ = lived || delay_.count() == 0 ? config_.first_delay : std::min(2 * delay_, config_.longest_delay);
    start_at_ = now + delay_;
  }

  // Not before this; the epoch when it may start at once.
  [[nodiscard]] base::SteadyTime start_at() const { return start_at_; }
  // Whether nothing is remembered that a fresh object would not know as well.
  [[nodiscard]] bool forgettable(base::SteadyTime now) const { return now >= start_at_ + config_.long_life; }

 private:
  RestartConfig config_;
  std::chrono::milliseconds delay_{0};
  base::SteadyTime start_at_{};
};

}  // namespace vendor
