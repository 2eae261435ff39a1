#include "gateway/connections.hpp"

#include "catalogue_fixture.hpp"

namespace {

using gateway::Readiness;
using gateway_test::CatalogueTest;
using testing::ElementsAre;
using testing::HasSubstr;

class Connections : public CatalogueTest {
 protected:
  std::shared_ptr<vendor::Channel> warm(const std::string& slug) {
    return on_thread(connections_->warm(connection(slug), base::SteadyTime::max())).value();
  }
  // Reads the definitions anew, as after a SIGHUP.
  void reload(const std::string& slug) {
    auto all = *definitions_.get();
    all[slug] = std::make_shared<vendor::Definition>(*all[slug]);
    definitions_.set(std::move(all));
  }
};

TEST_F(Connections, AllOfAPersonAreInOrderOfSlugReadyOrNot) {
  for (const auto* slug : {"zeta", "alpha"}) add_vendor(slug);
  add_vendor("keyed", true);
  std::vector<std::string> slugs;
  for (const auto& each : on_thread(connections_->all("alice"))) slugs.push_back(each.definition->slug);
  EXPECT_THAT(slugs, ElementsAre("alpha", "keyed", "zeta"));
  EXPECT_EQ(connection("keyed").readiness, Readiness::needs_credential);
  EXPECT_EQ(connections_->keyless().size(), 2U);
}

TEST_F(Connections, WarmChannelIsSharedAndOpenedAgainWhenDropped) {
  add_vendor("hudu");
  const auto first = warm("hudu");
  EXPECT_EQ(warm("hudu"), first);
  connections_->drop(connection("hudu"), first.get());
  EXPECT_NE(warm("hudu"), first);
}

TEST_F(Connections, FactsAreLearnedWithTheChannel) {
  add_vendor("hudu");
  EXPECT_EQ(connections_->facts(connection("hudu")), nullptr);
  const auto facts = on_thread(connections_->learn(connection("hudu"), base::SteadyTime::max()));
  ASSERT_TRUE(facts);
  EXPECT_TRUE((*facts)->prompts);
  EXPECT_EQ(connections_->facts(connection("hudu")), *facts);
}

TEST_F(Connections, VendorMayOfferWhatNobodyKnowsYet) {
  add_vendor("hudu");
  channels_.vendors["hudu"].opening_result = R"({"capabilities":{"tools":{}}})";
  EXPECT_TRUE(connections_->may_offer("hudu", mcp::ListKind::prompts));
  warm("hudu");
  EXPECT_TRUE(connections_->may_offer("hudu", mcp::ListKind::tools));
  EXPECT_FALSE(connections_->may_offer("hudu", mcp::ListKind::prompts));
}

TEST_F(Connections, ReplacedDefinitionGetsAChannelOfItsOwn) {
  add_vendor("hudu").call_timeout = std::chrono::milliseconds(0);
  const auto former = warm("hudu");
  reload("hudu");
  const auto now = warm("hudu");
  EXPECT_NE(now, former);
  EXPECT_FALSE(former->closed()) << "calls may be under way on it";
  connections_->collect();
  EXPECT_TRUE(former->closed());
  EXPECT_FALSE(now->closed());
}

TEST_F(Connections, ReplacedDefinitionLaysTheCredentialOutAnew) {
  add_vendor("keyed", true);
  save_key("keyed");
  EXPECT_EQ(connection("keyed").injection->headers.at(0).first, "X-API-Key");
  auto changed = std::make_shared<vendor::Definition>(*connections_->find("keyed"));
  changed->fields[0].header = "X-Other";
  auto all = *definitions_.get();
  all["keyed"] = changed;
  definitions_.set(std::move(all));
  EXPECT_EQ(connection("keyed").injection->headers.at(0).first, "X-Other");
}

TEST_F(Connections, ChangedCredentialClosesItsChannelAndIsForgotten) {
  add_vendor("keyed", true);
  save_key("keyed");
  const auto former = connection("keyed");
  const auto channel = warm("keyed");
  EXPECT_TRUE(connections_->at(former.key()));
  save_key("keyed");
  EXPECT_TRUE(channel->closed());
  EXPECT_FALSE(connections_->at(former.key()));
}

// A credential that is read anew, a call under the former definition, and a change: what one of them forgot is not
// found by another.
TEST_F(Connections, ForgottenPlaceIsNotFoundByACredentialThatWasReadAnew) {
  add_vendor("keyed", true);
  save_key("keyed");
  const auto first = connection("keyed");
  credentials_.tells = false;
  ASSERT_TRUE(
      on_thread(credentials_.note(first.owner(), "keyed", first.credential->version, vault::State::working, "")));
  reload("keyed");
  const auto anew = connection("keyed");
  ASSERT_NE(anew.credential, first.credential);
  ASSERT_TRUE(on_thread(connections_->warm(first, base::SteadyTime::max())));
  credentials_.tells = true;
  save_key("keyed");

  const auto channel = on_thread(connections_->warm(anew, base::SteadyTime::max())).value();
  connections_->close();
  EXPECT_TRUE(channel->closed()) << "it is kept where nobody looks";
}

TEST_F(Connections, ReasonsTellWhatToDo) {
  add_vendor("keyed", true);
  auto c = connection("keyed");
  EXPECT_THAT(why_not(c, "https://g.example"), HasSubstr("https://g.example/settings/connections/keyed"));
  c.readiness = Readiness::ready;
  EXPECT_EQ(why_not(c, "https://g.example"), "");
}

TEST(ChangedList, IsToldByTheNotification) {
  EXPECT_EQ(gateway::changed_list("notifications/tools/list_changed"), mcp::ListKind::tools);
  EXPECT_EQ(gateway::changed_list("notifications/prompts/list_changed"), mcp::ListKind::prompts);
  EXPECT_EQ(gateway::changed_list("notifications/resources/list_changed"), mcp::ListKind::resources);
  EXPECT_EQ(gateway::changed_list("notifications/resources/updated"), std::nullopt);
}

}  // namespace
