// The circuit breaker of one vendor: after several failures in a row its calls fail at once instead of waiting, and
// one trial call at a time finds out whether it is back. A plain state machine; time comes as an argument.
#pragma once

#include <chrono>

#include "base/async.hpp"

namespace vendor {

struct BreakerConfig {
  int failures = 5;                                 // in a row, until it opens; 1 or more
  std::chrono::milliseconds first_delay{5'000};     // until the first trial
  std::chrono::milliseconds longest_delay{60'000};  // the delay doubles after each failed trial, up to this
};

// Thread: the owner guards it.
class Breaker {
 public:
  explicit Breaker(BreakerConfig config = {}) : config_(config), delay_(config.first_delay) {}

  // Whether a call may go out now. While open: true once per delay, for the trial. A trial that brings no verdict
  // (its caller gave up) is followed by another one after the same delay.
  [[nodiscard]] bool allow(base::SteadyTime now);
  void on_success();
  // Only for what speaks of the vendor's health. Failures of calls that went out before it opened change nothing.
  void on_failure(base::SteadyTime now);

  [[nodiscard]] bool is_open() const { return failures_ >= config_.failures; }
  // When the next trial may go out. REQUIRES: is_open().
  [[nodiscard]] base::SteadyTime retry_at() const { return retry_at_; }

 private:
  BreakerConfig config_;
  int failures_ = 0;
  bool trial_ = false;  // one is out
  std::chrono::milliseconds delay_;
  base::SteadyTime retry_at_{};
};

}  // namespace vendor
