// Sessions of legacy clients that follow resources, of vendors of both eras, and what they hear when those fail.
#include "listening_fixture.hpp"

namespace {

using gateway_test::list_changed;
using gateway_test::ListeningTest;
using gateway_test::resource_updated;
using gateway_test::Stream;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class SessionSubscriptions : public ListeningTest {
 protected:
  http::Response ask(const std::string& path, const std::string& session, const std::string& method,
                     const std::string& uri) {
    return post(path, R"({"jsonrpc":"2.0","id":5,"method":")" + method + R"(","params":{"uri":")" + uri + R"("}})",
                {{"Mcp-Session-Id", session}});
  }
  http::Response subscribe(const std::string& path, const std::string& session, const std::string& uri) {
    return ask(path, session, "resources/subscribe", uri);
  }
  Stream listen(const std::string& path, const std::string& session) {
    auto stream = open_stream(
        request(http::Method::get, path, {}, {{"Accept", "text/event-stream"}, {"Mcp-Session-Id", session}}));
    EXPECT_TRUE(stream->wait_for("retry:"));
    return stream;
  }
  // What the vendor of the modern era is listened to for.
  [[nodiscard]] std::vector<std::string> listened_for() const {
    const auto listened = channels_.listened();
    return listened.empty() ? std::vector<std::string>() : listened.back().subscriptions.uris;
  }
};

constexpr std::string_view kDone = R"({"jsonrpc":"2.0","id":5,"result":{}})";

TEST_F(SessionSubscriptions, AModernVendorIsListenedToAndTheGatewayAnswers) {
  make_modern("open");
  const auto session = open_session("/v1/open/mcp");
  auto stream = listen("/v1/open/mcp", session);
  EXPECT_EQ(subscribe("/v1/open/mcp", session, "a:1").body, kDone);
  EXPECT_THAT(listened_for(), ElementsAre("a:1"));
  EXPECT_THAT(subscribed(), IsEmpty());
  vendor_says(
      R"({"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":9},"uri":"a:1"}})");
  ASSERT_TRUE(stream->wait_for("resources/updated"));
  EXPECT_THAT(stream->text(), AllOf(HasSubstr(R"("uri":"a:1")"), Not(HasSubstr("subscriptionId"))));
  EXPECT_EQ(ask("/v1/open/mcp", session, "resources/unsubscribe", "a:1").body, kDone);
  EXPECT_THAT(listened_for(), IsEmpty());
}

TEST_F(SessionSubscriptions, AnUpdateThatAModernVendorSendsTooLateIsDropped) {
  make_modern("open");
  const auto session = open_session("/v1/open/mcp");
  auto stream = listen("/v1/open/mcp", session);
  subscribe("/v1/open/mcp", session, "a:1");
  subscribe("/v1/open/mcp", session, "a:2");
  ask("/v1/open/mcp", session, "resources/unsubscribe", "a:1");
  vendor_says(resource_updated("a:1"));
  vendor_says(resource_updated("a:2"));
  ASSERT_TRUE(stream->wait_for(resource_updated("a:2")));
  EXPECT_THAT(stream->text(), Not(HasSubstr(resource_updated("a:1"))));
}

TEST_F(SessionSubscriptions, AModernVendorsListsAreToldToo) {
  make_modern("open");
  const auto session = open_session("/v1/open/mcp");
  auto stream = listen("/v1/open/mcp", session);
  vendor_says(list_changed("prompts"));
  EXPECT_TRUE(stream->wait_for("notifications/prompts/list_changed"));
}

TEST_F(SessionSubscriptions, AModernVendorWithoutSubscriptionsHasNoSuchMethod) {
  make_modern("open");
  offer("open", R"({"resources":{}})");
  const auto session = open_session("/v1/open/mcp");
  EXPECT_THAT(subscribe("/v1/open/mcp", session, "a:1").body, AllOf(HasSubstr("-32601"), HasSubstr("vendor open")));
}

TEST_F(SessionSubscriptions, TheUnifiedEndpointMapsUrisBothWays) {
  const auto session = open_session();
  auto stream = listen("/v1/mcp", session);
  EXPECT_THAT(subscribe("/v1/mcp", session, "open+a:1").body, HasSubstr(R"("id":5)"));
  EXPECT_THAT(subscribed(), ElementsAre("a:1"));
  vendor_says(resource_updated("a:1"));
  EXPECT_TRUE(stream->wait_for(resource_updated("open+a:1")));
}

TEST_F(SessionSubscriptions, AVendorWithoutSessionIdsGetsAChannelOfTheSessionsOwn) {
  channels_.vendors["open"].stateful = false;
  const auto session = open_session();
  auto stream = listen("/v1/mcp", session);
  subscribe("/v1/mcp", session, "open+a:1");
  vendor_says(resource_updated("a:1"));
  EXPECT_TRUE(stream->wait_for(resource_updated("open+a:1")));
}

TEST_F(SessionSubscriptions, AForgottenSessionIsOpenedAgainWhileTheClientListens) {
  const auto session = open_session("/v1/open/mcp");
  auto stream = listen("/v1/open/mcp", session);
  subscribe("/v1/open/mcp", session, "a:1");
  vendor_forgets("open");
  ASSERT_TRUE(stream->wait_for("prompts/list_changed"));
  EXPECT_THAT(stream->text(), HasSubstr(resource_updated("a:1")));
  EXPECT_THAT(subscribed(), ElementsAre("a:1", "a:1"));
}

TEST_F(SessionSubscriptions, AVendorThatCannotBeReachedIsTriedUntilItCan) {
  const auto session = open_session("/v1/open/mcp");
  auto stream = listen("/v1/open/mcp", session);
  subscribe("/v1/open/mcp", session, "a:1");
  set_open("open", base::fail(base::Kind::vendor_down, "vendor.refused", "refused"));
  const int before = channels_.opened;
  vendor_forgets("open");
  ASSERT_TRUE(wait_until([&] { return channels_.opened > before; }));
  set_open("open", {});
  EXPECT_TRUE(stream->wait_for(resource_updated("a:1")));
}

TEST_F(SessionSubscriptions, TheNextRequestBringsBackWhatAClientWithoutAStreamFollows) {
  const auto session = open_session("/v1/open/mcp");
  subscribe("/v1/open/mcp", session, "a:1");
  vendor_forgets("open");
  ask("/v1/open/mcp", session, "resources/read", "a:1");
  EXPECT_THAT(subscribed(), ElementsAre("a:1", "a:1"));
  auto stream = listen("/v1/open/mcp", session);
  EXPECT_TRUE(stream->wait_for(resource_updated("a:1")));
}

TEST_F(SessionSubscriptions, WhatTheVendorRefusedIsNotSubscribedToAgain) {
  channels_.vendors["open"].answer = [](const fake::SeenRequest& seen) -> std::vector<fake::Step> {
    if (seen.name == "a:1")
      return {std::string(R"({"jsonrpc":"2.0","id":$ID,"error":{"code":-32002,"message":"no"}})")};
    return {std::string(R"({"jsonrpc":"2.0","id":$ID,"result":{}})")};
  };
  const auto session = open_session("/v1/open/mcp");
  EXPECT_THAT(subscribe("/v1/open/mcp", session, "a:1").body, HasSubstr("-32002"));
  subscribe("/v1/open/mcp", session, "a:2");
  vendor_forgets("open");
  ask("/v1/open/mcp", session, "resources/read", "a:3");
  EXPECT_THAT(subscribed(), ElementsAre("a:1", "a:2", "a:2"));
}

TEST_F(SessionSubscriptions, WhatWasUnsubscribedIsNotSubscribedToAgain) {
  const auto session = open_session("/v1/open/mcp");
  subscribe("/v1/open/mcp", session, "a:1");
  ask("/v1/open/mcp", session, "resources/unsubscribe", "a:1");
  EXPECT_THAT(asked("resources/unsubscribe"), ElementsAre("a:1"));
  vendor_forgets("open");
  ask("/v1/open/mcp", session, "resources/read", "a:3");
  EXPECT_THAT(subscribed(), ElementsAre("a:1"));
}

TEST_F(SessionSubscriptions, AReplacedCredentialIsSubscribedWithWhileTheClientListens) {
  save_key();
  const auto session = open_session();
  auto stream = listen("/v1/mcp", session);
  subscribe("/v1/mcp", session, "keyed+a:1");
  save_key();
  EXPECT_TRUE(stream->wait_for(resource_updated("keyed+a:1")));
  const auto keys = keys_subscribed_with();
  ASSERT_EQ(keys.size(), 2U);
  EXPECT_NE(keys[0], keys[1]);
}

TEST_F(SessionSubscriptions, TheyOutliveARestartOfTheGateway) {
  const auto session = open_session("/v1/open/mcp");
  subscribe("/v1/open/mcp", session, "a:1");
  restart();
  auto stream = listen("/v1/open/mcp", session);
  EXPECT_TRUE(stream->wait_for(resource_updated("a:1")));
  EXPECT_THAT(subscribed(), ElementsAre("a:1", "a:1"));
}

TEST_F(SessionSubscriptions, TooManyAreRefused) {
  config_.subscribed_resources = 1;
  restart();
  const auto session = open_session("/v1/open/mcp");
  subscribe("/v1/open/mcp", session, "a:1");
  EXPECT_THAT(subscribe("/v1/open/mcp", session, "a:1").body, HasSubstr("result"));
  EXPECT_THAT(subscribe("/v1/open/mcp", session, "a:2").body, AllOf(HasSubstr("-32602"), HasSubstr("1 resources")));
  EXPECT_THAT(subscribed(), ElementsAre("a:1", "a:1"));
}

TEST_F(SessionSubscriptions, NobodyUnsubscribesInAProcessThatOthersMayShare) {
  add_process("local");
  const auto session = open_session("/v1/local/mcp");
  auto stream = listen("/v1/local/mcp", session);
  subscribe("/v1/local/mcp", session, "a:1");
  subscribe("/v1/local/mcp", session, "a:2");
  EXPECT_EQ(ask("/v1/local/mcp", session, "resources/unsubscribe", "a:1").body, kDone);
  EXPECT_THAT(asked("resources/unsubscribe"), IsEmpty());
  vendor_says(resource_updated("a:1"));
  vendor_says(resource_updated("a:2"));
  ASSERT_TRUE(stream->wait_for(resource_updated("a:2")));
  EXPECT_THAT(stream->text(), Not(HasSubstr(resource_updated("a:1"))));
}

TEST_F(SessionSubscriptions, ASessionWhoseClientListensIsNotIdle) {
  config_.session_idle = std::chrono::milliseconds(1);
  restart();
  const auto session = open_session();
  auto stream = listen("/v1/mcp", session);
  const auto collected = [&] {
    EXPECT_TRUE(on_thread(endpoint_->sessions().collect()));
    return endpoint_->sessions().size() == 0;
  };
  const auto later = std::chrono::steady_clock::now() + std::chrono::milliseconds(20);
  while (std::chrono::steady_clock::now() < later) EXPECT_FALSE(collected());
  stream.leave();
  EXPECT_TRUE(wait_until(collected));
}

}  // namespace
