#include "vendor/detail/reopening.hpp"

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using vendor::detail::reopening_delay;

TEST(Reopening, TheWaitDoublesWithEachFailureUpToAMinute) {
  EXPECT_EQ(reopening_delay(1s, 1, 0.0), 1s);
  EXPECT_EQ(reopening_delay(1s, 2, 0.0), 2s);
  EXPECT_EQ(reopening_delay(1s, 6, 0.0), 32s);
  EXPECT_EQ(reopening_delay(1s, 7, 0.0), 60s);
  EXPECT_EQ(reopening_delay(1s, 1'000'000, 0.0), 60s);
}

TEST(Reopening, ChanceMakesItUpToHalfLonger) {
  EXPECT_EQ(reopening_delay(1s, 1, 0.5), 1'250ms);
  EXPECT_LT(reopening_delay(30s, 9, 0.999), vendor::detail::kLongestReopening);
}

TEST(Reopening, ItIsNeverShorterThanATenthOfASecond) {
  EXPECT_EQ(reopening_delay(0ms, 1, 0.0), 100ms);
  EXPECT_EQ(reopening_delay(1ms, 0, 0.0), 100ms);
}

}  // namespace
