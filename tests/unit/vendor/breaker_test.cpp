#include "vendor/breaker.hpp"

#include <gtest/gtest.h>

namespace {

using std::chrono::seconds;

base::SteadyTime at(int second) { return base::SteadyTime(seconds(second)); }

vendor::Breaker open_breaker() {
  vendor::Breaker breaker;
  for (int i = 0; i < 5; ++i) breaker.on_failure(at(0));
  return breaker;
}

TEST(Breaker, FourFailuresInARowLeaveItClosed) {
  vendor::Breaker breaker;
  for (int i = 0; i < 4; ++i) breaker.on_failure(at(0));
  EXPECT_FALSE(breaker.is_open());
  EXPECT_TRUE(breaker.allow(at(0)));
}

TEST(Breaker, TheFifthFailureInARowOpensItForFiveSeconds) {
  auto breaker = open_breaker();
  EXPECT_TRUE(breaker.is_open());
  EXPECT_EQ(breaker.retry_at(), at(5));
  EXPECT_FALSE(breaker.allow(at(4)));
}

TEST(Breaker, ASuccessBetweenStartsTheCountAnew) {
  vendor::Breaker breaker;
  for (int i = 0; i < 4; ++i) breaker.on_failure(at(0));
  breaker.on_success();
  for (int i = 0; i < 4; ++i) breaker.on_failure(at(0));
  EXPECT_FALSE(breaker.is_open());
}

TEST(Breaker, OneTrialAtATimeGoesOut) {
  auto breaker = open_breaker();
  EXPECT_TRUE(breaker.allow(at(5)));
  EXPECT_FALSE(breaker.allow(at(5)));
  EXPECT_FALSE(breaker.allow(at(9)));
}

TEST(Breaker, ATrialWithoutAVerdictIsFollowedByAnother) {
  auto breaker = open_breaker();
  EXPECT_TRUE(breaker.allow(at(5)));
  EXPECT_TRUE(breaker.allow(at(10)));
}

TEST(Breaker, ASuccessfulTrialClosesIt) {
  auto breaker = open_breaker();
  EXPECT_TRUE(breaker.allow(at(5)));
  breaker.on_success();
  EXPECT_FALSE(breaker.is_open());
  EXPECT_TRUE(breaker.allow(at(5)));
}

TEST(Breaker, EachFailedTrialDoublesTheDelayUpToAMinute) {
  auto breaker = open_breaker();
  int now = 5;
  for (const int delay : {10, 20, 40, 60, 60}) {
    ASSERT_TRUE(breaker.allow(at(now)));
    breaker.on_failure(at(now));
    EXPECT_EQ(breaker.retry_at(), at(now + delay));
    now += delay;
  }
}

TEST(Breaker, FailuresOfCallsThatWentOutBeforeItOpenedDoNotDelayTheTrial) {
  auto breaker = open_breaker();
  breaker.on_failure(at(3));
  EXPECT_EQ(breaker.retry_at(), at(5));
}

}  // namespace
