#include "vendor/restart_backoff.hpp"

#include <gtest/gtest.h>

namespace {

using std::chrono::seconds;

base::SteadyTime at(int second) { return base::SteadyTime(seconds(second)); }

TEST(RestartBackoff, TheFirstStartWaitsForNothing) {
  const vendor::RestartBackoff backoff{{}};
  EXPECT_LE(backoff.start_at(), at(0));
}

TEST(RestartBackoff, DoublesFromOneSecondToAMinute) {
  vendor::RestartBackoff backoff{{}};
  int now = 100;
  for (const int delay : {1, 2, 4, 8, 16, 32, 60, 60}) {
    backoff.on_crash(at(now), at(now));
    EXPECT_EQ(backoff.start_at(), at(now + delay));
    now += delay;
  }
}

TEST(RestartBackoff, AMinuteOfLifeStartsItAnew) {
  vendor::RestartBackoff backoff{{}};
  for (int i = 0; i < 6; ++i) backoff.on_crash(at(100), at(100));
  backoff.on_crash(at(200), at(260));
  EXPECT_EQ(backoff.start_at(), at(261));
}

}  // namespace
