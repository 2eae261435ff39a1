// subscriptions/listen of modern clients: what is agreed on, what is told, and how it ends.
#include "listening_fixture.hpp"

namespace {

using gateway_test::list_changed;
using gateway_test::ListeningTest;
using gateway_test::resource_updated;
using gateway_test::Stream;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kMeta =
    R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}})";
constexpr std::string_view kMark = R"("_meta":{"io.modelcontextprotocol/subscriptionId":"s1"})";

std::string acknowledged(std::string_view filter) {
  return "data: " + std::string(R"({"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{)") +
         std::string(kMark) + R"(,"notifications":)" + std::string(filter) + "}}\n\n";
}
std::string told(std::string_view list) {
  return R"("method":"notifications/)" + std::string(list) + R"(/list_changed")";
}
std::string updated(std::string_view uri) {
  return R"("method":"notifications/resources/updated","params":{)" + std::string(kMark) + R"(,"uri":")" +
         std::string(uri) + R"("}})";
}

class Listenings : public ListeningTest {
 protected:
  http::Request listen_request(const std::string& path, const std::string& params) {
    return request(
        http::Method::post, path,
        R"({"jsonrpc":"2.0","id":"s1","method":"subscriptions/listen","params":{)" + params + std::string(kMeta) + "}}",
        {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", "subscriptions/listen"}});
  }
  Stream listen(const std::string& path, const std::string& filter) {
    return open_stream(listen_request(path, R"("notifications":)" + filter + ","));
  }
  // The answer to one that is refused.
  http::Response refused(const std::string& path, const std::string& params) {
    return handle(listen_request(path, params))->answer;
  }
};

TEST_F(Listenings, TheAcknowledgementComesFirstAndNothingHasAnEventId) {
  auto stream =
      listen("/v1/open/mcp", R"({"toolsListChanged":true,"promptsListChanged":true,"resourcesListChanged":true})");
  ASSERT_TRUE(stream->wait_for("acknowledged"));
  EXPECT_EQ(stream->answer().status, 200);
  EXPECT_EQ(stream->answer().headers.get("Content-Type"), "text/event-stream");
  EXPECT_EQ(stream->text(),
            acknowledged(R"({"toolsListChanged":true,"promptsListChanged":true,"resourcesListChanged":true})"));
}

TEST_F(Listenings, WhatTheVendorDoesNotOfferIsNotAgreedOn) {
  offer("open", R"({"tools":{},"resources":{}})");
  auto stream = listen(
      "/v1/open/mcp",
      R"({"toolsListChanged":true,"promptsListChanged":true,"resourcesListChanged":true,"resourceSubscriptions":["a:1"]})");
  ASSERT_TRUE(stream->wait_for("acknowledged"));
  EXPECT_EQ(stream->text(), acknowledged(R"({"toolsListChanged":true,"resourcesListChanged":true})"));
}

TEST_F(Listenings, ABadFilterIsRefusedWithItsReason) {
  const auto answer = refused("/v1/mcp", "");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, AllOf(HasSubstr(R"("id":"s1")"), HasSubstr("-32602"), HasSubstr("params.notifications")));
}

TEST_F(Listenings, TooManyOfOnePersonAreRefusedUntilOneEnds) {
  config_.listens_per_principal = 1;
  restart();
  auto first = listen("/v1/mcp", R"({"toolsListChanged":true})");
  ASSERT_TRUE(first->wait_for("acknowledged"));
  EXPECT_THAT(refused("/v1/mcp", R"("notifications":{"toolsListChanged":true},)").body,
              AllOf(HasSubstr("-32602"), HasSubstr("1 subscriptions of yours are open")));
  subject_ = "bob";
  auto others = listen("/v1/mcp", R"({"toolsListChanged":true})");
  EXPECT_TRUE(others->wait_for("acknowledged"));
  subject_ = "alice";
  first.leave();
  auto second = listen("/v1/mcp", R"({"toolsListChanged":true})");
  EXPECT_TRUE(second->wait_for("acknowledged"));
}

TEST_F(Listenings, TooManyResourcesAreRefused) {
  config_.subscribed_resources = 1;
  restart();
  EXPECT_THAT(refused("/v1/mcp", R"("notifications":{"resourceSubscriptions":["open+a:1","open+a:2"]},)").body,
              AllOf(HasSubstr("-32602"), HasSubstr("at most 1")));
}

TEST_F(Listenings, OnlyWhatWasAskedForIsToldOnTheVendorsOwnEndpoint) {
  auto stream = listen("/v1/open/mcp", R"({"promptsListChanged":true})");
  ASSERT_TRUE(stream->wait_for("acknowledged"));
  vendor_says(list_changed("tools"));
  vendor_says(list_changed("resources"));
  vendor_says(list_changed("prompts"));
  ASSERT_TRUE(stream->wait_for(told("prompts")));
  EXPECT_THAT(stream->text(),
              AllOf(HasSubstr(kMark), Not(HasSubstr(told("tools"))), Not(HasSubstr(told("resources")))));
}

TEST_F(Listenings, ASavedCredentialIsToldToItsOwnerAlone) {
  auto alices = listen("/v1/mcp", R"({"toolsListChanged":true})");
  subject_ = "bob";
  auto bobs = listen("/v1/mcp", R"({"toolsListChanged":true})");
  ASSERT_TRUE(alices->wait_for("acknowledged"));
  ASSERT_TRUE(bobs->wait_for("acknowledged"));
  save_key();
  EXPECT_TRUE(bobs->wait_for(told("tools")));
  subject_ = "alice";
  EXPECT_EQ(alices->text(), acknowledged(R"({"toolsListChanged":true})"));
}

TEST_F(Listenings, AVendorThatGoesDownIsToldToEverybody) {
  auto stream = listen("/v1/mcp", R"({"toolsListChanged":true})");
  ASSERT_TRUE(stream->wait_for("acknowledged"));
  for (int i = 0; i < 5; ++i) health_.note_failure("open", {base::Kind::vendor_down, "x", "refused", {}, {}});
  EXPECT_TRUE(stream->wait_for(told("tools")));
}

TEST_F(Listenings, ResourcesOfALegacyVendorAreFollowedInASessionOfItsOwn) {
  auto stream = listen("/v1/mcp", R"({"resourceSubscriptions":["open+a:1","open+a:2","gone+a:3","no uri"]})");
  ASSERT_TRUE(stream->wait_for("acknowledged"));
  EXPECT_EQ(stream->text(), acknowledged(R"({"resourceSubscriptions":["open+a:1","open+a:2"]})"));
  EXPECT_THAT(subscribed(), ElementsAre("a:1", "a:2"));
  vendor_says(resource_updated("a:2"));
  EXPECT_TRUE(stream->wait_for(updated("open+a:2")));
  EXPECT_THAT(stream->text(), Not(HasSubstr(updated("open+a:1"))));
}

TEST_F(Listenings, AResourceThatTheVendorRefusesIsNotAgreedOn) {
  channels_.vendors["open"].answer = [](const fake::SeenRequest& seen) -> std::vector<fake::Step> {
    if (seen.name == "a:1")
      return {std::string(R"({"jsonrpc":"2.0","id":$ID,"error":{"code":-32002,"message":"no"}})")};
    return {std::string(R"({"jsonrpc":"2.0","id":$ID,"result":{}})")};
  };
  auto stream = listen("/v1/open/mcp", R"({"resourceSubscriptions":["a:1","a:2"]})");
  ASSERT_TRUE(stream->wait_for("acknowledged"));
  EXPECT_EQ(stream->text(), acknowledged(R"({"resourceSubscriptions":["a:2"]})"));
}

TEST_F(Listenings, AModernVendorIsListenedToForTheResourcesAndItsMarkGivesWay) {
  make_modern("open");
  auto stream = listen("/v1/open/mcp", R"({"resourceSubscriptions":["a:1"]})");
  ASSERT_TRUE(stream->wait_for("acknowledged"));
  const auto listened = channels_.listened();
  const auto own = std::ranges::find_if(listened, [](const auto& each) { return !each.subscriptions.uris.empty(); });
  ASSERT_NE(own, listened.end());
  EXPECT_THAT(own->subscriptions.uris, ElementsAre("a:1"));
  EXPECT_FALSE(own->subscriptions.tools || own->subscriptions.prompts || own->subscriptions.resources);
  EXPECT_TRUE(subscribed().empty());
  vendor_says(
      R"({"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":9},"uri":"a:1"}})");
  EXPECT_TRUE(stream->wait_for(updated("a:1")));
}

TEST_F(Listenings, ASessionThatTheVendorForgotIsOpenedAgainAndAMissedUpdateTold) {
  auto stream = listen("/v1/mcp", R"({"resourceSubscriptions":["open+a:1"]})");
  ASSERT_TRUE(stream->wait_for("acknowledged"));
  vendor_forgets("open");
  EXPECT_TRUE(stream->wait_for(updated("open+a:1")));
  EXPECT_THAT(subscribed(), ElementsAre("a:1", "a:1"));
}

TEST_F(Listenings, AReplacedCredentialIsSubscribedWithAnew) {
  save_key();
  auto stream = listen("/v1/mcp", R"({"resourceSubscriptions":["keyed+a:1"]})");
  ASSERT_TRUE(stream->wait_for("acknowledged"));
  save_key();
  EXPECT_TRUE(stream->wait_for(updated("keyed+a:1")));
  const auto keys = keys_subscribed_with();
  ASSERT_EQ(keys.size(), 2U);
  EXPECT_NE(keys[0], keys[1]);
}

TEST_F(Listenings, ResourcesOfAVendorWithoutACredentialAreNotAgreedOn) {
  auto stream = listen("/v1/mcp", R"({"toolsListChanged":true,"resourceSubscriptions":["keyed+a:1"]})");
  ASSERT_TRUE(stream->wait_for("acknowledged"));
  EXPECT_EQ(stream->text(), acknowledged(R"({"toolsListChanged":true})"));
}

TEST_F(Listenings, AVendorThatCannotBeReachedIsSubscribedToOnceItIsBack) {
  set_open("open", base::fail(base::Kind::vendor_down, "vendor.refused", "refused"));
  auto stream = listen("/v1/mcp", R"({"resourceSubscriptions":["open+a:1"]})");
  ASSERT_TRUE(stream->wait_for("acknowledged"));
  EXPECT_EQ(stream->text(), acknowledged(R"({"resourceSubscriptions":["open+a:1"]})"));
  set_open("open", {});
  EXPECT_TRUE(stream->wait_for(updated("open+a:1")));
}

TEST_F(Listenings, AVendorThatForgotItsSessionsMayHaveAnotherList) {
  auto stream = listen("/v1/open/mcp", R"({"promptsListChanged":true})");
  ASSERT_TRUE(stream->wait_for("acknowledged"));
  vendor_forgets("open");
  EXPECT_TRUE(stream->wait_for(told("prompts")));
}

TEST_F(Listenings, OfAProcessThatIsSharedOnlyTheOwnResourcesAreTold) {
  add_process("local");
  auto stream = listen("/v1/mcp", R"({"resourceSubscriptions":["local+a:1"]})");
  ASSERT_TRUE(stream->wait_for("acknowledged"));
  vendor_says(resource_updated("a:2"));
  vendor_says(resource_updated("a:1/part"));
  ASSERT_TRUE(stream->wait_for(updated("local+a:1/part")));
  EXPECT_THAT(stream->text(), Not(HasSubstr("a:2")));
}

TEST_F(Listenings, TheClientsLeaveEndsWhatIsBehindIt) {
  auto stream = listen("/v1/open/mcp", R"({"resourceSubscriptions":["a:1"]})");
  ASSERT_TRUE(stream->wait_for("acknowledged"));
  const auto before = channels_.open_channels("open");
  stream.leave();
  EXPECT_EQ(channels_.open_channels("open"), before - 1);
  vendor_forgets("open");
  EXPECT_THAT(subscribed(), ElementsAre("a:1"));
}

TEST_F(Listenings, ADrainEndsItWithTheRequestsResult) {
  auto stream = listen("/v1/mcp", R"({"toolsListChanged":true})");
  ASSERT_TRUE(stream->wait_for("acknowledged"));
  stream->drain();
  stream.wait();
  EXPECT_TRUE(stream->is_finished());
  EXPECT_THAT(
      stream->text(),
      testing::EndsWith(
          R"({"jsonrpc":"2.0","id":"s1","result":{"resultType":"complete","_meta":{"io.modelcontextprotocol/subscriptionId":"s1","io.modelcontextprotocol/serverInfo":{"name":"mcp-gateway","title":"MCP Gateway","version":"0.1.0"}}}})"
          "\n\n"));
}

TEST_F(Listenings, ARevokedGrantSilencesAndEndsItWithoutAResult) {
  config_.ping_interval = std::chrono::milliseconds(20);
  restart();
  auto stream = listen("/v1/open/mcp", R"({"toolsListChanged":true,"resourceSubscriptions":["a:1"]})");
  ASSERT_TRUE(stream->wait_for("acknowledged"));
  const auto before = channels_.open_channels("open");
  ASSERT_TRUE(on_thread(endpoint_->end_of_grant("grant-of-alice")));
  vendor_says(list_changed("tools"));
  stream.wait();
  EXPECT_TRUE(stream->is_finished());
  EXPECT_THAT(stream->text(), AllOf(Not(HasSubstr("list_changed")), Not(HasSubstr("result"))));
  EXPECT_EQ(channels_.open_channels("open"), before - 1);
}

TEST_F(Listenings, AnIdleStreamIsKeptAliveByComments) {
  config_.ping_interval = std::chrono::milliseconds(20);
  restart();
  auto stream = listen("/v1/mcp", R"({"toolsListChanged":true})");
  EXPECT_TRUE(stream->wait_for(": ping\n\n"));
}

}  // namespace
