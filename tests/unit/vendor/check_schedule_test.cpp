#include "vendor/check_schedule.hpp"

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using vendor::CheckSchedule;
using vendor::Outcome;

constexpr double kMiddle = 0.5;  // no jitter

TEST(CheckSchedule, VendorThatAnswersIsAskedAtTheInterval) {
  CheckSchedule schedule({});
  EXPECT_EQ(schedule.next(Outcome::answered, kMiddle), 30s);
  EXPECT_EQ(schedule.next(Outcome::answered, kMiddle), 30s);
}

TEST(CheckSchedule, VendorThatFailsIsAskedSoonThenLessOftenUpToTheLimit) {
  CheckSchedule schedule({});
  for (const auto expected : {10'000ms, 10'000ms, 10'000ms, 15'000ms, 22'500ms, 33'750ms, 50'625ms, 60'000ms}) {
    EXPECT_EQ(schedule.next(Outcome::failed, kMiddle), expected);
  }
  for (int i = 0; i < 10'000; ++i) (void)schedule.next(Outcome::failed, kMiddle);
  EXPECT_EQ(schedule.next(Outcome::failed, kMiddle), 60s);
}

TEST(CheckSchedule, RecoveryStartsOver) {
  CheckSchedule schedule({});
  for (int i = 0; i < 8; ++i) (void)schedule.next(Outcome::failed, kMiddle);
  EXPECT_EQ(schedule.next(Outcome::answered, kMiddle), 30s);
  EXPECT_EQ(schedule.next(Outcome::failed, kMiddle), 10s);
}

TEST(CheckSchedule, JitterStaysWithinItsPart) {
  CheckSchedule schedule({});
  EXPECT_EQ(schedule.next(Outcome::answered, 0), 24s);
  EXPECT_EQ(schedule.next(Outcome::answered, 0.999'999'9), 36s);
}

}  // namespace
