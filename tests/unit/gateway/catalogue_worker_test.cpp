// When lists are fetched, how long clients wait for them, and what is told when they change.
#include "base/spawn.hpp"
#include "catalogue_fixture.hpp"

namespace {

using gateway_test::CatalogueTest;
using gateway_test::hang;
using gateway_test::list_answer;
using mcp::ListKind;
using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::chrono_literals;

class Freshness : public CatalogueTest {};

std::chrono::milliseconds took(const std::function<void()>& act) {
  const auto begin = std::chrono::steady_clock::now();
  act();
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
}

TEST_F(Freshness, KnownListIsServedWithoutAskingTheVendor) {
  add_vendor("hudu");
  names();
  names();
  EXPECT_EQ(asked(), 1U);
}

TEST_F(Freshness, ManyColdListsAskTheVendorOnce) {
  add_vendor("hudu");
  takes("hudu", 20ms);
  std::vector<std::future<gateway::Aggregate>> lists;
  const auto connections = on_thread(connections_->all("alice"));
  for (int i = 0; i < 20; ++i) {
    lists.push_back(
        base::spawn(threads_.executor(0), catalogue_->list(ListKind::tools, connections), boost::asio::use_future));
  }
  for (auto& each : lists) EXPECT_EQ(each.get().count, 1U);
  EXPECT_EQ(asked(), 1U);
}

TEST_F(Freshness, StaleListIsServedAndFetchedBehindTheAnswer) {
  config_.list_quiet = 1ms;
  restart();
  add_vendor("hudu");
  answers("hudu", ListKind::tools, list_answer(ListKind::tools, {"old"}, R"(,"ttlMs":0)"));
  EXPECT_THAT(names(), ElementsAre("hudu__old"));
  lists("hudu", {"new"});
  EXPECT_THAT(names(), ElementsAre("hudu__old"));
  EXPECT_EQ(asked(), 1U) << "a second is the shortest freshness";
  ASSERT_TRUE(eventually([&] { return names() == gateway_test::Names{"hudu__new"}; }));
  EXPECT_EQ(asked(), 2U);
  ASSERT_TRUE(changes_reach(1));
  EXPECT_THAT(names(), ElementsAre("hudu__new"));
}

TEST_F(Freshness, ChangeThatTheVendorTellsIsFetchedAndTold) {
  config_.list_quiet = 1ms;
  restart();
  add_vendor("hudu");
  names();
  lists("hudu", {"new"});
  say_changed(ListKind::tools);
  ASSERT_TRUE(changes_reach(1));
  EXPECT_EQ(changes()[0].vendor, "hudu");
  EXPECT_EQ(changes()[0].owner, "");
  EXPECT_EQ(changes()[0].kind, ListKind::tools);
  EXPECT_THAT(names(), ElementsAre("hudu__new"));
}

TEST_F(Freshness, ChangedResourcesMeanTheirTemplatesToo) {
  config_.list_quiet = 1ms;
  restart();
  add_vendor("hudu");
  names(ListKind::resource_templates);
  names(ListKind::tools);
  lists("hudu", {"file:///{new}"}, ListKind::resource_templates);
  say_changed(ListKind::resources);
  ASSERT_TRUE(changes_reach(1));
  EXPECT_EQ(changes()[0].kind, ListKind::resources);
  EXPECT_THAT(names(ListKind::resource_templates), ElementsAre("hudu+file:///{new}"));
  EXPECT_EQ(asked("resources/list"), 0U) << "nobody has asked for them";
}

TEST_F(Freshness, ChangeIsToldToWhoeverHasThatCredential) {
  config_.list_quiet = 1ms;
  restart();
  add_vendor("keyed", true);
  save_key("keyed");
  names();
  lists("keyed", {"new"});
  say_changed(ListKind::tools);
  ASSERT_TRUE(changes_reach(1));
  EXPECT_EQ(changes()[0].owner, "alice");
}

TEST_F(Freshness, FloodOfChangesIsFetchedAtMostOncePerQuietTime) {
  config_.list_quiet = 200ms;
  restart();
  add_vendor("hudu");
  const auto time = took([&] {
    names();
    for (int i = 0; i < 1000; ++i) say_changed(ListKind::tools);
    lists("hudu", {"last"});
    say_changed(ListKind::tools);
    ASSERT_TRUE(changes_reach(1));
  });
  EXPECT_THAT(names(), ElementsAre("hudu__last"));
  EXPECT_LE(asked(), static_cast<std::size_t>(2 + time / config_.list_quiet));
}

TEST_F(Freshness, SameListIsNoChange) {
  config_.list_quiet = 1ms;
  restart();
  add_vendor("hudu");
  names();
  say_changed(ListKind::tools);
  ASSERT_TRUE(eventually([&] { return asked() == 2; }));
  lists("hudu", {"new"});
  say_changed(ListKind::tools);
  ASSERT_TRUE(changes_reach(1));
  EXPECT_EQ(changes().size(), 1U);
}

TEST_F(Freshness, LastGoodListServesWhileTheVendorFails) {
  config_.list_quiet = 1ms;
  restart();
  add_vendor("hudu");
  names();
  fails("hudu");
  say_changed(ListKind::tools);
  ASSERT_TRUE(eventually([&] { return asked() >= 3; })) << "a change that could not be fetched is fetched again";
  EXPECT_THAT(names(), ElementsAre("hudu__echo"));
  EXPECT_THAT(changes(), IsEmpty());
  lists("hudu", {"new"});
  ASSERT_TRUE(changes_reach(1));
  EXPECT_THAT(names(), ElementsAre("hudu__new"));
}

TEST_F(Freshness, ListOfAVendorThatRefusesTheGatewayGoes) {
  config_.list_quiet = 1ms;
  restart();
  add_vendor("hudu");
  names();
  fails("hudu", base::Kind::vendor_rejected);
  say_changed(ListKind::tools);
  ASSERT_TRUE(changes_reach(1));
  EXPECT_THAT(names(), IsEmpty());
}

TEST_F(Freshness, DownVendorIsLeftOutAndBackAtOnceWithWhatWasKnown) {
  add_vendor("hudu");
  names();
  note_failures("hudu", 3);
  EXPECT_THAT(names(), IsEmpty());
  channels_.vendors["hudu"].dawdle = hang;
  health_.note_success("hudu", 1ms);
  EXPECT_THAT(names(), ElementsAre("hudu__echo"));
}

TEST_F(Freshness, VendorThatComesBackIsAskedAnew) {
  config_.list_quiet = 1ms;
  restart();
  add_vendor("hudu");
  names();
  note_failures("hudu", 3);
  lists("hudu", {"new"});
  health_.note_success("hudu", 1ms);
  names();
  ASSERT_TRUE(changes_reach(1));
  EXPECT_THAT(names(), ElementsAre("hudu__new"));
}

TEST_F(Freshness, VendorWhoseDefinitionIsReadAnewIsAskedAnew) {
  config_.list_quiet = 1ms;
  restart();
  add_vendor("hudu");
  names();
  add_vendor("hudu");
  lists("hudu", {"moved"});
  names();
  ASSERT_TRUE(changes_reach(1));
  EXPECT_THAT(names(), ElementsAre("hudu__moved"));
}

TEST_F(Freshness, VendorThatWasMissedIsAskedAgainByItselfAndToldWhenItAnswers) {
  config_.list_quiet = 1ms;
  restart();
  add_vendor("hudu");
  fails("hudu");
  EXPECT_THAT(names(), IsEmpty());
  lists("hudu", {"late"});
  ASSERT_TRUE(changes_reach(1));
  EXPECT_THAT(names(), ElementsAre("hudu__late"));
}

TEST_F(Freshness, VendorThatComesBackAsSomethingElseIsAskedForEverything) {
  config_.list_quiet = 1ms;
  restart();
  add_vendor("hudu");
  names();
  channels_.vendors["hudu"].opening_result = R"({"capabilities":{"tools":{"listChanged":true}}})";
  lists("hudu", {"new"});
  const auto c = connection("hudu");
  const auto channel = on_thread(connections_->warm(c, base::SteadyTime::max())).value();
  connections_->drop(c, channel.get());
  ASSERT_TRUE(on_thread(connections_->warm(c, base::SteadyTime::max())));
  ASSERT_TRUE(changes_reach(1));
  EXPECT_THAT(names(), ElementsAre("hudu__new"));
}

TEST_F(Freshness, ColdListDoesNotWaitForAVendorThatHangs) {
  config_.list_wait = 5s;
  restart();
  for (const auto* slug : {"a", "b", "slow", "hanging"}) add_vendor(slug);
  takes("slow", 400ms);
  channels_.vendors["hanging"].dawdle = hang;
  std::vector<std::string> found;
  const auto time = took([&] { found = names(); });
  EXPECT_THAT(found, ElementsAre("a__echo", "b__echo")) << "nothing was ever heard of the slow one: it comes later";
  EXPECT_LT(time, 2s);
  ASSERT_TRUE(changes_reach(1));
  EXPECT_THAT(names(), ElementsAre("a__echo", "b__echo", "slow__echo"));
}

TEST_F(Freshness, ColdListWaitsForASlowVendorThatIsKnownToLive) {
  config_.list_wait = 5s;
  restart();
  for (const auto* slug : {"a", "slow"}) add_vendor(slug);
  health_.note_success("slow", 150ms);
  takes("slow", 600ms);
  EXPECT_THAT(names(), ElementsAre("a__echo", "slow__echo"));
}

TEST_F(Freshness, ColdListWaitsAsLongAsAnswersComeIn) {
  config_.list_wait = 5s;
  restart();
  for (int i = 0; i < 6; ++i) {
    add_vendor("v" + std::to_string(i));
    takes("v" + std::to_string(i), i * 120ms);
  }
  EXPECT_EQ(names().size(), 6U);
}

TEST_F(Freshness, VendorThatFailedIsNotWaitedFor) {
  config_.list_wait = 5s;
  restart();
  for (const auto* slug : {"a", "failing"}) add_vendor(slug);
  fails("failing");
  names();
  channels_.vendors["failing"].dawdle = hang;
  EXPECT_LT(took([&] { names(); }), 200ms);
}

TEST_F(Freshness, OtherKindsDoNotWaitAgainForAVendorThatHangs) {
  config_.list_wait = 5s;
  restart();
  for (const auto* slug : {"a", "hanging"}) add_vendor(slug);
  channels_.vendors["hanging"].dawdle = hang;
  names(ListKind::tools);
  EXPECT_LT(took([&] { names(ListKind::prompts); }), 200ms);
}

TEST_F(Freshness, PrefetchedListNeedsNoWaiting) {
  add_vendor("hudu");
  on_thread([](gateway::Catalogue& catalogue, gateway::Connections& connections) -> base::Task<void> {
    catalogue.prefetch(ListKind::tools, connections.keyless());
    co_return;
  }(*catalogue_, *connections_));
  ASSERT_TRUE(eventually([&] { return catalogue_->state(ListKind::tools, connection("hudu")).list != nullptr; }));
  names();
  EXPECT_EQ(asked(), 1U);
}

TEST_F(Freshness, ListsOfAFormerCredentialAreForgotten) {
  add_vendor("keyed", true);
  save_key("keyed");
  names();
  const auto former = connection("keyed");
  save_key("keyed");
  names();
  EXPECT_EQ(catalogue_->state(ListKind::tools, former).list, nullptr);
  EXPECT_NE(catalogue_->state(ListKind::tools, connection("keyed")).list, nullptr);
}

TEST_F(Freshness, UnusedListsAndChannelsAreLetGo) {
  config_.connection_idle = 0ms;
  restart();
  add_vendor("hudu").call_timeout = 0ms;
  names();
  connections_->collect();
  catalogue_->collect();
  EXPECT_EQ(channels_.closed, 1);
  EXPECT_EQ(catalogue_->state(ListKind::tools, connection("hudu")).list, nullptr);
  EXPECT_THAT(names(), ElementsAre("hudu__echo"));
}

}  // namespace
