#include "identity/detail/session_cache.hpp"

#include <gtest/gtest.h>

namespace {

using identity::BrowserSession;
using identity::detail::SessionCache;

BrowserSession session(std::string key, std::string user_id) {
  BrowserSession made;
  made.key = std::move(key);
  made.user.id = std::move(user_id);
  return made;
}

constexpr base::SteadyTime kNow{std::chrono::hours(1)};

TEST(SessionCache, WhatWasReadBeforeAnEndIsNotKept) {
  SessionCache cache(std::chrono::seconds(5), 10);
  const auto before = cache.epoch();
  cache.drop("a");
  cache.put(session("a", "ann"), before, kNow);
  EXPECT_FALSE(cache.find("a", kNow));

  const auto again = cache.epoch();
  cache.drop_user("ann");
  cache.put(session("a", "ann"), again, kNow);
  EXPECT_FALSE(cache.find("a", kNow));

  cache.put(session("a", "ann"), cache.epoch(), kNow);
  EXPECT_TRUE(cache.find("a", kNow));
}

TEST(SessionCache, DroppingAPersonLeavesTheOthers) {
  SessionCache cache(std::chrono::seconds(5), 10);
  cache.put(session("a", "ann"), cache.epoch(), kNow);
  cache.put(session("b", "bob"), cache.epoch(), kNow);
  cache.drop_user("ann");
  EXPECT_FALSE(cache.find("a", kNow));
  EXPECT_TRUE(cache.find("b", kNow));
}

TEST(SessionCache, NothingIsKeptForNoTime) {
  SessionCache cache(std::chrono::seconds(0), 10);
  cache.put(session("a", "ann"), cache.epoch(), kNow);
  EXPECT_FALSE(cache.find("a", kNow));
}

}  // namespace
