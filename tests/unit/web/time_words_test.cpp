#include "web/detail/time_words.hpp"

#include <gtest/gtest.h>

namespace web {
namespace {

using namespace std::chrono_literals;

TEST(TimeWords, AreCoarserTheLongerAgo) {
  const base::Micros now(std::chrono::microseconds(1'800'000'000'000'000));
  EXPECT_EQ(ago(now, now), "just now");
  EXPECT_EQ(ago(now + 5s, now), "just now");
  EXPECT_EQ(ago(now - 60s, now), "1 minute ago");
  EXPECT_EQ(ago(now - 59min, now), "59 minutes ago");
  EXPECT_EQ(ago(now - 1h, now), "1 hour ago");
  EXPECT_EQ(ago(now - 48h, now), "2 days ago");
  EXPECT_EQ(ago(now - 24h * 31, now), "2026-12-15");
  EXPECT_EQ(minute_utc(now), "2027-01-15 08:00 UTC");
}

}  // namespace
}  // namespace web
