#include "identity/browser_sessions.hpp"

#include "base/digest.hpp"
#include "fixture.hpp"

namespace identity_test {
namespace {

using base::Kind;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class BrowserSessions : public IdentityTest {
 protected:
  BrowserSessions() : ann_(add_with_password("ann")) {}
  bool is_good(const base::SecretString& cookie) {
    const auto found = get(sessions_.find(cookie));
    EXPECT_TRUE(found || found.error().kind == Kind::unauthenticated);
    return found.has_value();
  }
  identity::User ann_;
};

TEST_F(BrowserSessions, CookieFindsItsPerson) {
  const auto found = get(sessions_.find(open_session(ann_, "Firefox/1")));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->user.login, "ann");
  EXPECT_TRUE(found->user.has_password);
  EXPECT_EQ(found->user_agent, "Firefox/1");
  EXPECT_EQ(found->created, clock_.now());
  EXPECT_EQ(found->last_seen, clock_.now());
  EXPECT_EQ(found->expires, clock_.now() + hours(12));
}

TEST_F(BrowserSessions, EverySessionHasItsOwnId) {
  EXPECT_NE(open_session(ann_).reveal(), open_session(ann_).reveal());
}

TEST_F(BrowserSessions, ForgedCookieIsRefusedBeforeTheDatabaseIsAsked) {
  identity::BrowserSessions others(database_, accounts_, clock_, random_, secret("another key of thirty-two bytes."));
  const auto cookie = get(others.create(ann_.id, "")).value();
  EXPECT_FALSE(is_good(cookie));
  EXPECT_FALSE(is_good(secret("")));
  EXPECT_FALSE(is_good(secret("x.y")));

  execute("DROP TABLE browser_sessions");
  EXPECT_TRUE(fails(get(sessions_.find(cookie)), Kind::unauthenticated)) << "not the database's own failure";
}

TEST_F(BrowserSessions, CookieIsNotStored) {
  const auto cookie = open_session(ann_);
  const auto rows = query("SELECT key FROM browser_sessions");
  EXPECT_EQ(rows->at(0).text(0), base::sha256_hex(cookie.reveal().substr(0, 43)));
}

TEST_F(BrowserSessions, UnknownOrDisabledPersonGetsNone) {
  EXPECT_TRUE(fails(get(sessions_.create("nobody", "")), Kind::not_found));
  ASSERT_TRUE(get(accounts_.disable(ann_.id)));
  EXPECT_TRUE(fails(get(sessions_.create(ann_.id, "")), Kind::not_found));
}

TEST_F(BrowserSessions, IdleOneEndsAfterTwelveHours) {
  const auto used = open_session(ann_);
  const auto idle = open_session(ann_);
  for (int i = 0; i < 12; ++i) {
    EXPECT_TRUE(is_good(used));
    clock_.advance(hours(1));
  }
  EXPECT_TRUE(is_good(used));
  EXPECT_FALSE(is_good(idle));
}

TEST_F(BrowserSessions, BusyOneEndsAfterThirtyDays) {
  const auto cookie = open_session(ann_);
  for (int hour = 0; hour < 30 * 24; hour += 10) {
    ASSERT_TRUE(is_good(cookie)) << hour;
    clock_.advance(hours(10));
  }
  EXPECT_FALSE(is_good(cookie));
}

TEST_F(BrowserSessions, ExpiryHoldsForWhatIsCachedToo) {
  identity::BrowserSessions patient(database_, accounts_, clock_, random_, secret("key"),
                                    {.idle = seconds(30), .touch_every = hours(1), .cache_ttl = hours(1)});
  const auto cookie = get(patient.create(ann_.id, "")).value();
  ASSERT_TRUE(get(patient.find(cookie)));
  clock_.advance(seconds(30));
  EXPECT_TRUE(fails(get(patient.find(cookie)), Kind::unauthenticated));
}

TEST_F(BrowserSessions, LastSeenIsWrittenOnceAMinute) {
  const auto cookie = open_session(ann_);
  const auto start = clock_.now();
  const auto stored = [&] {
    return base::Micros(
        std::chrono::microseconds(query("SELECT last_seen_at FROM browser_sessions")->at(0).integer(0)));
  };
  clock_.advance(seconds(59));
  ASSERT_TRUE(is_good(cookie));
  EXPECT_EQ(stored(), start);
  clock_.advance(seconds(1));
  ASSERT_TRUE(is_good(cookie));
  EXPECT_EQ(stored(), start + minutes(1));
}

TEST_F(BrowserSessions, EndedOneIsGoneAtOnce) {
  const auto cookie = open_session(ann_);
  const auto other = open_session(ann_);
  const auto session = get(sessions_.find(cookie)).value();
  ASSERT_TRUE(is_good(other));
  ASSERT_TRUE(get(sessions_.end(ann_.id, session.key)));
  EXPECT_FALSE(is_good(cookie));
  EXPECT_TRUE(is_good(other));
  EXPECT_TRUE(get(sessions_.end(ann_.id, session.key))) << "ending twice is no error";
}

TEST_F(BrowserSessions, NobodyEndsAnothersSession) {
  const auto bob = add_with_password("bob");
  const auto cookie = open_session(ann_);
  const auto key = get(sessions_.find(cookie))->key;
  ASSERT_TRUE(get(sessions_.end(bob.id, key)));
  EXPECT_TRUE(is_good(cookie));
}

TEST_F(BrowserSessions, EndAllLeavesOtherPeopleSignedIn) {
  const auto first = open_session(ann_);
  const auto second = open_session(ann_);
  const auto bobs = open_session(add_with_password("bob"));
  EXPECT_TRUE(is_good(first) && is_good(second) && is_good(bobs));
  ASSERT_TRUE(get(sessions_.end_all(ann_.id)));
  EXPECT_FALSE(is_good(first));
  EXPECT_FALSE(is_good(second));
  EXPECT_TRUE(is_good(bobs));
}

TEST_F(BrowserSessions, AnotherNodesSignOutIsNoticedWithinTheCacheTime) {
  const auto cookie = open_session(ann_);
  ASSERT_TRUE(is_good(cookie));
  execute("DELETE FROM browser_sessions");
  EXPECT_TRUE(is_good(cookie)) << "cached";
  clock_.advance(seconds(5));
  EXPECT_FALSE(is_good(cookie));
}

TEST_F(BrowserSessions, ListShowsOnesOwnLastUsedFirst) {
  const auto old = open_session(ann_, "old");
  open_session(add_with_password("bob"), "bobs");
  clock_.advance(minutes(5));
  open_session(ann_, "new");
  clock_.advance(minutes(5));
  ASSERT_TRUE(is_good(old));

  std::vector<std::string> agents;
  for (const auto& session : get(sessions_.list(ann_.id)).value()) agents.push_back(session.user_agent);
  EXPECT_THAT(agents, testing::ElementsAre("old", "new"));

  clock_.advance(hours(12));
  EXPECT_TRUE(get(sessions_.list(ann_.id))->empty());
}

TEST_F(BrowserSessions, TooManyEndTheOneUnusedForLongest) {
  identity::BrowserSessions few(database_, accounts_, clock_, random_, secret("key"), {.per_user = 3});
  std::vector<base::SecretString> cookies;
  for (int i = 0; i < 4; ++i) {
    cookies.push_back(get(few.create(ann_.id, "")).value());
    clock_.advance(seconds(1));
  }
  EXPECT_FALSE(get(few.find(cookies[0])));
  for (std::size_t i = 1; i < cookies.size(); ++i) EXPECT_TRUE(get(few.find(cookies[i]))) << i;
}

TEST_F(BrowserSessions, ExpiredRowsAreCollected) {
  open_session(ann_);
  clock_.advance(hours(13));
  open_session(ann_);
  EXPECT_EQ(query("SELECT 1 FROM browser_sessions")->size(), 1U);
}

TEST_F(BrowserSessions, UserAgentIsCutAndMadePrintable) {
  const auto found = get(sessions_.find(open_session(ann_, "a\r\n\xff<b>" + std::string(500, 'x'))));
  EXPECT_EQ(found->user_agent.size(), 200U);
  EXPECT_THAT(found->user_agent, testing::StartsWith("a??\?<b>x"));
}

TEST_F(BrowserSessions, SessionsSurviveARestart) {
  const auto cookie = open_session(ann_);
  identity::BrowserSessions restarted(database_, accounts_, clock_, random_,
                                      secret("key of thirty-two bytes, or such"));
  EXPECT_TRUE(get(restarted.find(cookie)));
}

TEST_F(BrowserSessions, FullCacheStartsAfresh) {
  identity::BrowserSessions small(database_, accounts_, clock_, random_, secret("key"), {.cache_limit = 2});
  for (int i = 0; i < 10; ++i) {
    const auto cookie = get(small.create(ann_.id, "")).value();
    EXPECT_TRUE(get(small.find(cookie)));
    EXPECT_TRUE(get(small.find(cookie)));
  }
}

TEST_F(BrowserSessions, DatabaseTroubleIsNotASignOut) {
  const auto cookie = open_session(ann_);
  execute("DROP TABLE browser_sessions");
  const auto found = get(sessions_.find(cookie));
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().kind, Kind::unauthenticated);
}

}  // namespace
}  // namespace identity_test
