#include "fake/handled.hpp"
#include "fixture.hpp"
#include "mcp/revision.hpp"

namespace {

using gateway_test::GatewayTest;
using testing::HasSubstr;
using testing::Not;

class Streaming : public GatewayTest {
 protected:
  // The vendor reports progress, then answers.
  void script_progress() {
    channels_.vendors["open"].answer = [](const fake::SeenRequest&) -> std::vector<fake::Step> {
      return {std::string(
                  R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":$ID,"progress":1}})"),
              std::string(R"({"jsonrpc":"2.0","id":$ID,"result":{"content":[]}})")};
    };
  }
  std::unique_ptr<fake::FakeExchange> get_stream(const std::string& path, const std::string& id,
                                                 const std::string& last_event = {}) {
    auto r = request(http::Method::get, path, {}, {{"Accept", "text/event-stream"}, {"Mcp-Session-Id", id}});
    if (!last_event.empty()) r.headers.set("Last-Event-ID", last_event);
    return handle(std::move(r));
  }
};

TEST_F(Streaming, ProgressComesBeforeTheResponseUnderTheClientsToken) {
  script_progress();
  const auto id = open_session();
  const auto answer = post(
      "/v1/mcp",
      R"({"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"open__echo","_meta":{"progressToken":"tok"}}})",
      {{"Mcp-Session-Id", id}});
  EXPECT_EQ(answer.headers.get("Content-Type"), "text/event-stream");
  const auto progress = answer.body.find(R"("progressToken":"tok")");
  const auto response = answer.body.find(R"("id":5,"result")");
  EXPECT_NE(progress, std::string::npos) << answer.body;
  EXPECT_LT(progress, response) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr("retry: 15000"));
}

TEST_F(Streaming, ClientThatTakesNoStreamGetsTheResponseAlone) {
  script_progress();
  const auto answer =
      post("/v1/mcp", R"({"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"open__echo"}})",
           {{"Accept", "application/json"}});
  EXPECT_EQ(answer.body, R"({"jsonrpc":"2.0","id":5,"result":{"content":[]}})");
}

TEST_F(Streaming, LostStreamIsTakenUpByLastEventId) {
  script_progress();
  const auto id = open_session();
  auto exchange = std::make_unique<fake::FakeExchange>(request(
      http::Method::post, "/v1/mcp",
      R"({"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"open__echo","_meta":{"progressToken":"tok"}}})",
      {{"Mcp-Session-Id", id}}));
  exchange->gone = true;
  on_thread(fake::handled(*endpoint_, *exchange));
  EXPECT_EQ(exchange->answer.body, "");
  // The priming id was lost with the connection; a client that got it asks for what came after it.
  std::string stream_id;
  endpoint_->sessions().for_each([&](const auto& session) {
    for (std::uint64_t back = 0; back < 60'000'000 && stream_id.empty(); ++back) {
      const auto number = static_cast<std::uint64_t>(session->last_used().time_since_epoch().count()) - back;
      if (session->find_stream(number)) stream_id = std::to_string(number);
    }
  });
  ASSERT_FALSE(stream_id.empty());
  const auto resumed = get_stream("/v1/mcp", id, stream_id + "-0");
  EXPECT_THAT(resumed->answer.body, HasSubstr(R"("id":5,"result")"));
  EXPECT_TRUE(resumed->finished);
}

// 2025-11-25 basic/transports, "Sending Messages to the Server", point 6: a stream that ends before its response says
// when to come back.
TEST_F(Streaming, PauseOfTheVendorSendsTheClientAwayForAsLongAsTheVendorWants) {
  channels_.vendors["open"].answer = [](const fake::SeenRequest&) -> std::vector<fake::Step> {
    return {std::string(), std::string(R"({"jsonrpc":"2.0","id":$ID,"result":{"content":[]}})")};
  };
  const auto id = open_session("/v1/open/mcp");
  const auto paused = handle(request(http::Method::post, "/v1/open/mcp",
                                     R"({"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"echo"}})",
                                     {{"Mcp-Session-Id", id}}));
  EXPECT_TRUE(paused->finished);
  EXPECT_THAT(paused->answer.body, testing::EndsWith("retry: 500\n\n"));

  const auto event = paused->answer.body.find("id: ") + 4;
  const auto resumed =
      get_stream("/v1/open/mcp", id, paused->answer.body.substr(event, paused->answer.body.find('\n', event) - event));
  EXPECT_THAT(resumed->answer.body, testing::StartsWith("retry: 15000\n")) << "from now on the gateway's own again";
  EXPECT_THAT(resumed->answer.body, HasSubstr(R"("id":5,"result")"));
}

TEST_F(Streaming, NoVendorKeepsTheClientAwayForLongerThanTheGatewayWould) {
  config_.retry = std::chrono::milliseconds(200);
  restart();
  channels_.vendors["open"].answer = [](const fake::SeenRequest&) -> std::vector<fake::Step> {
    return {std::string(), std::string(R"({"jsonrpc":"2.0","id":$ID,"result":{"content":[]}})")};
  };
  const auto answer = post("/v1/open/mcp", R"({"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"echo"}})",
                           {{"Mcp-Session-Id", open_session("/v1/open/mcp")}});
  EXPECT_THAT(answer.body, testing::EndsWith("retry: 200\n\n"));
}

TEST_F(Streaming, ChangeOfACredentialIsPushed) {
  const auto id = open_session();
  save_key();
  const auto stream = get_stream("/v1/mcp", id);
  EXPECT_THAT(stream->answer.body, HasSubstr("notifications/tools/list_changed"));
}

TEST_F(Streaming, ChangeOfAnotherPersonsCredentialIsNot) {
  const auto id = open_session();
  subject_ = "bob";
  save_key();
  subject_ = "alice";
  EXPECT_THAT(get_stream("/v1/mcp", id)->answer.body, Not(HasSubstr("list_changed")));
}

TEST_F(Streaming, VendorThatGoesDownIsAnnounced) {
  const auto id = open_session();
  for (int i = 0; i < 5; ++i) health_.note_failure("open", {base::Kind::vendor_down, "x", "refused", {}, {}});
  EXPECT_THAT(get_stream("/v1/mcp", id)->answer.body, HasSubstr("list_changed"));
}

TEST_F(Streaming, GetWithoutASessionIsForClientsOfHttpSseAlone) {
  EXPECT_EQ(handle(request(http::Method::get, "/v1/mcp"))->answer.status, 405);
  const auto modern =
      request(http::Method::get, "/v1/mcp", {},
              {{"Accept", "text/event-stream"}, {"MCP-Protocol-Version", std::string(mcp::kNewestModern)}});
  EXPECT_EQ(handle(modern)->answer.status, 405);
}

TEST_F(Streaming, DrainEndsTheStreamProperly) {
  const auto id = open_session();
  auto exchange = std::make_unique<fake::FakeExchange>(
      request(http::Method::get, "/v1/mcp", {}, {{"Accept", "text/event-stream"}, {"Mcp-Session-Id", id}}));
  exchange->drains = true;
  on_thread(fake::handled(*endpoint_, *exchange));
  EXPECT_TRUE(exchange->finished);
}

TEST_F(Streaming, WhatAVendorAsksReachesTheClientAndTheAnswerGoesBack) {
  channels_.vendors["open"].answer = [](const fake::SeenRequest& seen) -> std::vector<fake::Step> {
    if (seen.method != "tools/call") return {std::string(R"({"jsonrpc":"2.0","id":$ID,"result":{}})")};
    return {std::string(R"({"jsonrpc":"2.0","id":"ask-1","method":"elicitation/create","params":{"message":"?"}})"),
            std::string(R"({"jsonrpc":"2.0","id":$ID,"result":{"content":[]}})")};
  };
  const auto id = open_session("/v1/open/mcp", "2025-11-25", R"({"elicitation":{}})");
  const auto answer = post("/v1/open/mcp", R"({"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"echo"}})",
                           {{"Mcp-Session-Id", id}});
  EXPECT_THAT(answer.body, HasSubstr(R"("id":1,"method":"elicitation/create")"));
  EXPECT_EQ(
      post("/v1/open/mcp", R"({"jsonrpc":"2.0","id":1,"result":{"action":"accept"}})", {{"Mcp-Session-Id", id}}).status,
      202);
  const auto notified = channels_.notified();
  ASSERT_EQ(notified.size(), 1U);
  EXPECT_EQ(notified[0].body, R"({"jsonrpc":"2.0","id":"ask-1","result":{"action":"accept"}})");
}

TEST_F(Streaming, WhatAVendorAsksIsRefusedWhenNobodyCanAnswer) {
  channels_.vendors["open"].answer = [](const fake::SeenRequest&) -> std::vector<fake::Step> {
    return {std::string(R"({"jsonrpc":"2.0","id":"ask-1","method":"sampling/createMessage","params":{}})"),
            std::string(R"({"jsonrpc":"2.0","id":$ID,"result":{"content":[]}})")};
  };
  post("/v1/open/mcp", R"({"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"echo"}})");
  const auto notified = channels_.notified();
  ASSERT_EQ(notified.size(), 1U);
  EXPECT_THAT(notified[0].body, HasSubstr(R"("id":"ask-1","error":{"code":-32601)"));
}

TEST_F(Streaming, OpenSessionGoesOnWithAReplacedCredential) {
  save_key();
  const auto id = open_session("/v1/keyed/mcp");
  const auto call = R"({"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"echo"}})";
  post("/v1/keyed/mcp", call, {{"Mcp-Session-Id", id}});
  save_key();
  post("/v1/keyed/mcp", call, {{"Mcp-Session-Id", id}});
  const auto seen = channels_.seen();
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_NE(seen[0].key, seen[1].key);
}

TEST_F(Streaming, RevokedGrantMutesTheStreamAtOnce) {
  const auto id = open_session();
  std::shared_ptr<gateway::Session> session;
  endpoint_->sessions().for_each([&](const auto& s) { session = s; });
  ASSERT_TRUE(on_thread(endpoint_->sessions().end_of_grant("grant-of-alice")));
  session->own_stream()->append("late");
  const auto reader = session->own_stream()->attach([] {}, std::nullopt);
  EXPECT_EQ(session->own_stream()->take(reader).text, "");
}

TEST_F(Streaming, VendorEndpointPassesOtherMethodsThrough) {
  const auto answer = post("/v1/open/mcp", R"({"jsonrpc":"2.0","id":5,"method":"prompts/list"})");
  EXPECT_THAT(answer.body, HasSubstr(R"("id":5)"));
  EXPECT_EQ(channels_.seen().at(0).method, "prompts/list");
}

TEST_F(Streaming, InitializeOfAVendorEndpointNeverFailsWithItsVendor) {
  channels_.vendors["open"].open = base::fail(base::Kind::vendor_down, "vendor.refused", "vendor open: refused");
  const auto answer = post(
      "/v1/open/mcp", R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18"}})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr(R"("protocolVersion":"2025-06-18")"));
  EXPECT_NE(answer.headers.get("Mcp-Session-Id"), "");
}

TEST_F(Streaming, AClientThatComesBackForALostAnswerIsToldSo) {
  script_progress();
  const auto id = open_session();
  const auto answer = post(
      "/v1/mcp",
      R"({"jsonrpc":"2.0","id":"a-5","method":"tools/call","params":{"name":"open__echo","_meta":{"progressToken":"t"}}})",
      {{"Mcp-Session-Id", id}});
  const auto at = answer.body.find("id: ") + 4;
  const auto primed = answer.body.substr(at, answer.body.find('\n', at) - at);
  restart();
  const auto resumed = get_stream("/v1/mcp", id, primed);
  EXPECT_THAT(resumed->answer.body, HasSubstr(R"("id":"a-5","error":{"code":)"));
  EXPECT_THAT(resumed->answer.body, HasSubstr("check before sending it again"));
  EXPECT_TRUE(resumed->finished);
}

}  // namespace
