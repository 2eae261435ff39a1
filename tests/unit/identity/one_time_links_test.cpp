#include "identity/one_time_links.hpp"

#include "base/digest.hpp"
#include "base/spawn.hpp"
#include "fixture.hpp"

namespace identity_test {
namespace {

using base::Kind;
using identity::LinkPurpose;
using std::chrono::hours;
using std::chrono::seconds;
using OneTimeLinks = IdentityTest;

TEST_F(OneTimeLinks, FirstStartMakesAnOwnerWithALink) {
  const auto link = links_.ensure_owner();
  ASSERT_TRUE(link);
  ASSERT_TRUE(*link);
  EXPECT_EQ((*link)->user.role, identity::kOwner);
  EXPECT_EQ((*link)->purpose, LinkPurpose::set_up);
  EXPECT_EQ((*link)->expires, clock_.now() + hours(24));
  EXPECT_EQ((*link)->token.size(), 43U);
  EXPECT_EQ(get(accounts_.list())->size(), 1U);
}

TEST_F(OneTimeLinks, RepeatedStartGivesANewLinkAndVoidsTheOlder) {
  const auto first = links_.ensure_owner().value();
  const auto second = links_.ensure_owner().value();
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->user.id, second->user.id);
  EXPECT_TRUE(fails(get(links_.describe(first->token)), Kind::not_found));
  EXPECT_TRUE(get(links_.describe(second->token)));
}

TEST_F(OneTimeLinks, OwnerWithAPasswordGetsNoLink) {
  const auto link = links_.ensure_owner().value();
  ASSERT_TRUE(get(links_.redeem(link->token, secret(kPassword))));
  const auto later = links_.ensure_owner();
  ASSERT_TRUE(later);
  EXPECT_FALSE(*later);
}

TEST_F(OneTimeLinks, PeopleWithoutAnOwnerMakeNoneByThemselves) {
  add("ann");
  const auto link = links_.ensure_owner();
  ASSERT_TRUE(link);
  EXPECT_FALSE(*link);
}

TEST_F(OneTimeLinks, AnyOwnerWithAPasswordIsEnough) {
  const auto first = links_.ensure_owner().value();
  add_with_password("second", identity::kOwner);
  EXPECT_FALSE(links_.ensure_owner().value());
}

TEST_F(OneTimeLinks, RedeemedLinkSetsThePasswordOnce) {
  const auto user = add("ann");
  const auto link = get(links_.issue(user.id)).value();
  EXPECT_EQ(link.purpose, LinkPurpose::set_up);
  const auto redeemed = get(links_.redeem(link.token, secret(kPassword)));
  ASSERT_TRUE(redeemed);
  EXPECT_EQ(redeemed->id, user.id);
  EXPECT_TRUE(redeemed->has_password);
  EXPECT_TRUE(verify("ann"));

  EXPECT_TRUE(fails(get(links_.redeem(link.token, secret("another quiet river"))), Kind::not_found));
  EXPECT_TRUE(verify("ann"));
}

base::Task<void> redeem_into(identity::OneTimeLinks& links, const base::SecretString& token, int& successes,
                             int& ended) {
  if (co_await links.redeem(token, secret(kPassword))) ++successes;
  ++ended;
}

TEST_F(OneTimeLinks, TwoAtOnceRedeemOnce) {
  const auto link = get(links_.issue(add("ann").id)).value();
  int successes = 0;
  int ended = 0;
  for (int i = 0; i < 2; ++i) {
    base::spawn(context_, redeem_into(links_, link.token, successes, ended), [](std::exception_ptr) {});
  }
  const auto work = boost::asio::make_work_guard(context_);
  context_.restart();
  while (ended < 2) context_.run_one();
  EXPECT_EQ(successes, 1);
}

TEST_F(OneTimeLinks, DescribingUsesNothingUp) {
  const auto link = get(links_.issue(add("ann").id)).value();
  for (int i = 0; i < 3; ++i) {
    const auto described = get(links_.describe(link.token));
    ASSERT_TRUE(described);
    EXPECT_EQ(described->user.login, "ann");
    EXPECT_EQ(described->purpose, LinkPurpose::set_up);
    EXPECT_EQ(described->expires, link.expires);
    EXPECT_TRUE(described->token.empty());
  }
}

TEST_F(OneTimeLinks, ResetLinkLivesAnHourAndLeavesThePasswordUntilRedeemed) {
  const auto user = add_with_password("ann");
  const auto link = get(links_.issue(user.id)).value();
  EXPECT_EQ(link.purpose, LinkPurpose::reset);
  EXPECT_TRUE(verify("ann"));

  clock_.advance(hours(1) - seconds(1));
  EXPECT_EQ(get(links_.describe(link.token))->purpose, LinkPurpose::reset);
  clock_.advance(seconds(1));
  EXPECT_TRUE(fails(get(links_.describe(link.token)), Kind::not_found));
  EXPECT_TRUE(fails(get(links_.redeem(link.token, secret("another quiet river"))), Kind::not_found));
  EXPECT_TRUE(verify("ann"));
}

TEST_F(OneTimeLinks, RedeemingEndsSessionsAndOtherLinks) {
  const auto user = add_with_password("ann");
  const auto cookie = open_session(user);
  ASSERT_TRUE(get(sessions_.find(cookie)));
  const auto link = get(links_.issue(user.id)).value();
  ASSERT_TRUE(get(links_.redeem(link.token, secret("another quiet river"))));
  EXPECT_TRUE(fails(get(sessions_.find(cookie)), Kind::unauthenticated));
  EXPECT_TRUE(query("SELECT 1 FROM one_time_links")->empty());
}

TEST_F(OneTimeLinks, RefusedPasswordLeavesTheLinkGood) {
  const auto link = get(links_.issue(add("ann").id)).value();
  EXPECT_TRUE(fails(get(links_.redeem(link.token, secret("short"))), Kind::invalid));
  EXPECT_TRUE(get(links_.redeem(link.token, secret(kPassword))));
}

TEST_F(OneTimeLinks, UnknownTokensAreNotFound) {
  for (const auto* token : {"", "x", "' OR 1=1 --"}) {
    EXPECT_TRUE(fails(get(links_.describe(secret(token))), Kind::not_found));
    EXPECT_TRUE(fails(get(links_.redeem(secret(token), secret(kPassword))), Kind::not_found));
  }
}

TEST_F(OneTimeLinks, DisabledPersonGetsNoneAndLosesTheOldOne) {
  const auto user = add("ann");
  const auto link = get(links_.issue(user.id)).value();
  ASSERT_TRUE(get(accounts_.disable(user.id)));
  EXPECT_TRUE(fails(get(links_.describe(link.token)), Kind::not_found));
  EXPECT_TRUE(fails(get(links_.issue(user.id)), Kind::conflict));
  EXPECT_TRUE(fails(get(links_.issue("nobody")), Kind::not_found));
}

TEST_F(OneTimeLinks, LinkOfOnePersonLeavesTheOthersAlone) {
  const auto ann = get(links_.issue(add("ann").id)).value();
  const auto bob = get(links_.issue(add("bob").id)).value();
  ASSERT_TRUE(get(links_.redeem(bob.token, secret(kPassword))));
  EXPECT_EQ(get(links_.describe(ann.token))->user.login, "ann");
}

TEST_F(OneTimeLinks, OnlyTheHashIsStored) {
  const auto link = get(links_.issue(add("ann").id)).value();
  const auto rows = query("SELECT token_hash FROM one_time_links");
  EXPECT_EQ(rows->at(0).text(0), base::sha256_hex(link.token.reveal()));
}

}  // namespace
}  // namespace identity_test
