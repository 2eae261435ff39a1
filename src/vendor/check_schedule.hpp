// When to check a vendor again. A vendor that fails is asked sooner, so that both its fall and its recovery are found
// quickly; one that stays down is asked less and less often, up to a limit.
#pragma once

#include <chrono>

namespace vendor {

struct ScheduleConfig {
  std::chrono::milliseconds interval{30'000};  // while checks succeed; 1 s or more
  std::chrono::milliseconds after_failure{
      10'000};                                // after each of the first three failures, then 1.5 times longer each
  std::chrono::milliseconds longest{60'000};  // the wait while down grows up to this
  double jitter = 0.2;                        // each wait is up to this part longer or shorter, 0 to 0.5
};

enum class Outcome { answered, failed };

class CheckSchedule {
 public:
  explicit CheckSchedule(ScheduleConfig config) : config_(config) {}

  // The wait after a check with this outcome. `fraction` is uniform in [0, 1).
  [[nodiscard]] std::chrono::milliseconds next(Outcome outcome, double fraction);

 private:
  ScheduleConfig config_;
  int failures_ = 0;
};

}  // namespace vendor
