#include "gateway/back_off.hpp"

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using gateway::BackOff;

constexpr base::SteadyTime kNow{std::chrono::hours(1)};

TEST(BackOff, DoublesUpToAMinute) {
  BackOff back_off;
  for (const auto wait : {1'000ms, 2'000ms, 4'000ms, 8'000ms, 16'000ms, 32'000ms, 60'000ms, 60'000ms}) {
    EXPECT_EQ(back_off.on_failure(0), wait);
  }
}

TEST(BackOff, IsUpToHalfLongerByChance) {
  EXPECT_EQ(BackOff().on_failure(0.5), 1'250ms);
  EXPECT_LT(BackOff().on_failure(0.999), 1'500ms);
}

TEST(BackOff, BeginsAnewOnlyAfterASteadyTime) {
  BackOff back_off;
  (void)back_off.on_failure(0);
  back_off.on_success(kNow);
  EXPECT_EQ(back_off.on_loss(kNow + 59s, 0), 2'000ms);
  back_off.on_success(kNow);
  EXPECT_EQ(back_off.on_loss(kNow + 60s, 0), 1'000ms);
}

}  // namespace
