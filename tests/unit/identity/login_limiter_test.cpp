#include "identity/login_limiter.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace {

using identity::LoginLimiter;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr base::SteadyTime kStart{hours(1000)};

TEST(LoginLimiter, FiveFailuresAreFreeThenTheDelayDoubles) {
  LoginLimiter limiter;
  auto now = kStart;
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(limiter.begin("ann", "192.0.2.1", now)) << i;
  for (const int delay : {1, 2, 4, 8, 16, 32}) {
    EXPECT_EQ(limiter.begin("ann", "192.0.2.1", now), seconds(delay));
    EXPECT_EQ(limiter.begin("ann", "192.0.2.1", now), seconds(delay)) << "a refused attempt does not count";
    now += seconds(delay);
    EXPECT_FALSE(limiter.begin("ann", "192.0.2.1", now));
  }
}

TEST(LoginLimiter, DelayIsCapped) {
  LoginLimiter limiter;
  auto now = kStart;
  for (int i = 0; i < 40; ++i) {
    if (const auto wait = limiter.begin("ann", "192.0.2.1", now)) {
      EXPECT_LE(*wait, minutes(15));
      now += *wait;
      EXPECT_FALSE(limiter.begin("ann", "192.0.2.1", now));
    }
  }
  EXPECT_EQ(limiter.begin("ann", "192.0.2.1", now), minutes(15));
}

TEST(LoginLimiter, WaitIsRoundedUp) {
  LoginLimiter limiter;
  for (int i = 0; i < 6; ++i) static_cast<void>(limiter.begin("ann", "192.0.2.1", kStart + seconds(i)));
  EXPECT_EQ(limiter.begin("ann", "192.0.2.1", kStart + milliseconds(5001)), seconds(2));
  EXPECT_EQ(limiter.begin("ann", "192.0.2.1", kStart + milliseconds(6999)), seconds(1));
  EXPECT_FALSE(limiter.begin("ann", "192.0.2.1", kStart + milliseconds(7000)));
}

TEST(LoginLimiter, AccountIsDelayedFromEveryAddressAndInAnyCase) {
  LoginLimiter limiter;
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(limiter.begin("ann", fmt::format("192.0.2.{}", i), kStart));
  EXPECT_TRUE(limiter.begin("ANN", "198.51.100.1", kStart));
  EXPECT_FALSE(limiter.begin("bob", "198.51.100.1", kStart));
}

TEST(LoginLimiter, AddressIsDelayedOverManyAccounts) {
  LoginLimiter limiter;
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(limiter.begin(fmt::format("user{}", i), "192.0.2.1", kStart)) << i;
  EXPECT_EQ(limiter.begin("another", "192.0.2.1", kStart), seconds(1));
  EXPECT_EQ(limiter.begin("another", "::ffff:192.0.2.1", kStart), seconds(1)) << "the same address, mapped";
  EXPECT_FALSE(limiter.begin("another", "192.0.2.2", kStart));
}

TEST(LoginLimiter, IpV6AddressesCountByTheirNetwork) {
  LoginLimiter limiter;
  for (int i = 0; i < 20; ++i) {
    EXPECT_FALSE(limiter.begin(fmt::format("user{}", i), fmt::format("2001:db8:0:1::{:x}", i + 1), kStart));
  }
  EXPECT_TRUE(limiter.begin("another", "2001:db8:0:1:ffff::1", kStart));
  EXPECT_FALSE(limiter.begin("another", "2001:db8:0:2::1", kStart));
}

TEST(LoginLimiter, SuccessStartsTheAccountAfreshAndKeepsTheAddress) {
  LoginLimiter limiter;
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(limiter.begin("ann", "192.0.2.1", kStart));
  limiter.succeeded("Ann", "192.0.2.1");
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(limiter.begin("ann", "192.0.2.1", kStart)) << i;

  // 4 of the first five and 5 of the second count for the address; eleven more are free.
  for (int i = 0; i < 11; ++i) EXPECT_FALSE(limiter.begin(fmt::format("user{}", i), "192.0.2.1", kStart)) << i;
  EXPECT_TRUE(limiter.begin("another", "192.0.2.1", kStart));
}

TEST(LoginLimiter, AbandonedAttemptDoesNotCount) {
  LoginLimiter limiter;
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(limiter.begin("ann", "192.0.2.1", kStart));
    limiter.abandoned("ann", "192.0.2.1");
  }
  EXPECT_EQ(limiter.remembered(), 0U);
}

TEST(LoginLimiter, QuietHourIsForgiven) {
  LoginLimiter limiter;
  for (int i = 0; i < 5; ++i) static_cast<void>(limiter.begin("ann", "192.0.2.1", kStart));
  EXPECT_FALSE(limiter.begin("ann", "192.0.2.1", kStart + hours(1)));
  EXPECT_FALSE(limiter.begin("ann", "192.0.2.1", kStart + hours(1))) << "a fresh start, not one more failure";
}

TEST(LoginLimiter, MemoryIsBoundedAndTheLongestQuietIsForgotten) {
  LoginLimiter limiter({.free_per_account = 1, .free_per_address = 1'000'000, .capacity = 100});
  EXPECT_FALSE(limiter.begin("old", "192.0.2.1", kStart));
  EXPECT_FALSE(limiter.begin("kept", "192.0.2.1", kStart));
  for (int i = 0; i < 99; ++i) EXPECT_FALSE(limiter.begin(fmt::format("user{}", i), "192.0.2.1", kStart));
  EXPECT_LE(limiter.remembered(), 101U);
  EXPECT_TRUE(limiter.begin("kept", "192.0.2.1", kStart));
  EXPECT_FALSE(limiter.begin("old", "192.0.2.1", kStart));
}

TEST(LoginLimiter, OddNamesAndAddressesCountByTheirText) {
  LoginLimiter limiter({.free_per_account = 1, .free_per_address = 1});
  EXPECT_FALSE(limiter.begin("", "", kStart));
  EXPECT_TRUE(limiter.begin("x", "", kStart));
  EXPECT_FALSE(limiter.begin(std::string(100'000, 'x'), std::string(1000, ':'), kStart));
}

TEST(LoginLimiter, AttemptsAtOnceGainNothing) {
  LoginLimiter limiter;
  std::atomic<int> let_through = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 200; ++n) let_through += limiter.begin("ann", "192.0.2.1", kStart) ? 0 : 1;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(let_through, 5);
}

}  // namespace
