// How one vendor is, decided from what checks and calls found: a plain state machine with time as an argument.
//
//   unknown --success--> up        any --success within `slow`--> up
//   unknown --failure--> degraded  up/degraded --slower success--> degraded
//   up --failure--> degraded --failures in a row reach `down_after`--> down
//
// One success ends a row of failures: a vendor that answers is not down, however slowly it does.
// Thread: none of its own; the owner locks.
#pragma once

#include <chrono>
#include <string>

#include "base/clock.hpp"
#include "vendor/health.hpp"

namespace vendor {

struct HealthPolicy {
  int down_after = 3;                         // failures in a row, 1 or more
  std::chrono::microseconds slow{5'000'000};  // an answer that took longer makes a vendor degraded
};

class HealthState {
 public:
  explicit HealthState(HealthPolicy policy) : policy_(policy) {}

  // Each returns the status before.
  Status on_success(base::Micros now, std::chrono::microseconds latency);
  // `message` is shown to people: only the message of a base::Error, which never holds a secret. Cut at 300 bytes.
  Status on_failure(base::Micros now, std::string_view message);

  [[nodiscard]] const Health& health() const [[clang::lifetimebound]] { return health_; }

 private:
  HealthPolicy policy_;
  Health health_;
};

}  // namespace vendor
