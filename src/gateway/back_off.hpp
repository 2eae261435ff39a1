// When to try again what failed, or was lost: after one second, then after twice as long each time up to a minute, and
// up to half of that longer by chance, so that what was lost together does not come back together.
// A plain state machine: time and randomness come as arguments.
#pragma once

#include <algorithm>
#include <chrono>

#include "base/async.hpp"

namespace gateway {

class BackOff {
 public:
  using Wait = std::chrono::milliseconds;

  // `fraction` is uniform in [0, 1).
  [[nodiscard]] Wait on_failure(double fraction) {
    constexpr int kMostDoublings = 6;
    const auto wait = std::min(kFirst * (1 << std::min(failures_++, kMostDoublings)), kLongest);
    return wait + Wait(static_cast<Wait::rep>(static_cast<double>(wait.count()) * fraction / 2));
  }
  void on_success(base::SteadyTime now) { since_ = now; }
  // What had succeeded is gone. One that is gone again soon counts as a failure more.
  [[nodiscard]] Wait on_loss(base::SteadyTime now, double fraction) {
    if (now - since_ >= kSteady) failures_ = 0;
    return on_failure(fraction);
  }

 private:
  static constexpr Wait kFirst{1'000};
  static constexpr Wait kLongest{60'000};
  static constexpr std::chrono::seconds kSteady{60};
  int failures_ = 0;  // in a row
  base::SteadyTime since_;
};

}  // namespace gateway
