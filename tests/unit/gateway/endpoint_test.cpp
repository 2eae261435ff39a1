#include "gateway/endpoint.hpp"

#include "fixture.hpp"

namespace {

using gateway_test::GatewayTest;
using testing::HasSubstr;
using testing::Not;

class Access : public GatewayTest {};

TEST_F(Access, NoTokenGetsAChallengeThatPointsAtTheMetadataOfThatEndpoint) {
  auto r = request(http::Method::get, "/v1/open/mcp");
  r.headers.remove("Authorization");
  const auto answer = handle(std::move(r))->answer;
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.headers.get("WWW-Authenticate"),
            "Bearer resource_metadata=\"http://127.0.0.1:8080/.well-known/oauth-protected-resource/v1/open/mcp\"");
  EXPECT_EQ(answer.headers.get("Content-Type"), "application/json");
}

TEST_F(Access, TokenForAnotherEndpointIsRefused) {
  subject_ = "alice@http://127.0.0.1:8080/v1/open/mcp";
  EXPECT_EQ(post("/v1/mcp", "{}").status, 401);
  EXPECT_EQ(post("/v1/open/mcp", R"({"jsonrpc":"2.0","id":1,"method":"ping"})").status, 200);
}

TEST_F(Access, ThePrincipalOfTheSameHeadIsNotVerifiedAgainButAskedAbout) {
  const auto ping = request(http::Method::post, "/v1/mcp", R"({"jsonrpc":"2.0","id":1,"method":"ping"})");
  std::unique_ptr<const http::HeadFindings> findings;
  const auto status = [&] {
    fake::FakeExchange exchange(ping);
    exchange.findings() = std::move(findings);
    on_thread(fake::handled(*endpoint_, exchange));
    findings = std::move(exchange.findings());
    return exchange.answer.status;
  };
  EXPECT_EQ(status(), 200);
  EXPECT_EQ(status(), 200);
  EXPECT_EQ(verifier_.verified, 1);
  verifier_.ended = "alice";
  EXPECT_EQ(status(), 401);
}

TEST_F(Access, ForeignOriginIsRefusedBeforeAnythingElse) {
  auto r = request(http::Method::post, "/v1/mcp", "{}", {{"Origin", "http://evil.example.com"}});
  r.headers.remove("Authorization");
  EXPECT_EQ(handle(std::move(r))->answer.status, 403);
}

TEST_F(Access, ForeignHostIsRefused) { EXPECT_EQ(post("/v1/mcp", "{}", {{"Host", "evil.example.com"}}).status, 403); }

TEST_F(Access, LocalOriginIsAllowedForALocalGateway) {
  EXPECT_EQ(
      post("/v1/mcp", R"({"jsonrpc":"2.0","id":1,"method":"ping"})", {{"Origin", "http://localhost:6274"}}).status,
      200);
}

TEST_F(Access, UnknownVendorIsNotFoundButOnlyForThoseWhoSignedIn) {
  EXPECT_EQ(post("/v1/nobody/mcp", "{}").status, 404);
  auto r = request(http::Method::post, "/v1/nobody/mcp", "{}");
  r.headers.remove("Authorization");
  EXPECT_EQ(handle(std::move(r))->answer.status, 401);
}

TEST_F(Access, WrongMethodNamesTheRightOnes) {
  const auto answer = handle(request(http::Method::put, "/v1/mcp"))->answer;
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.headers.get("Allow"), "GET, POST, DELETE");
}

class Message : public GatewayTest {};

TEST_F(Message, BrokenJsonIsAParseError) {
  const auto answer = post("/v1/mcp", "{");
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr("-32700"));
}

TEST_F(Message, UnknownMethodOnTheUnifiedEndpointIsAJsonRpcError) {
  const auto answer = post("/v1/mcp", R"({"jsonrpc":"2.0","id":"x","method":"acme/frob"})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr(R"("id":"x","error":{"code":-32601)"));
}

TEST_F(Message, McpMethodHeaderOnALegacyRequestChangesNothing) {
  EXPECT_EQ(post("/v1/mcp", R"({"jsonrpc":"2.0","id":1,"method":"ping"})",
                 {{"Mcp-Method", "ping"}, {"MCP-Protocol-Version", "2025-11-25"}})
                .status,
            200);
}

TEST_F(Message, BatchIsAnsweredInARevisionThatHasIt) {
  const auto id = open_session("/v1/mcp", "2025-03-26");
  const auto answer =
      post("/v1/mcp",
           R"([{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"notifications/initialized"},)"
           R"({"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"open__echo"}}])",
           {{"Mcp-Session-Id", id}});
  EXPECT_EQ(answer.status, 200);
  const auto value = json::parse(answer.body);
  ASSERT_TRUE(value) << answer.body;
  EXPECT_EQ(value->as_array().size(), 2U);
}

TEST_F(Message, BatchIsRefusedInARevisionWithoutIt) {
  const auto id = open_session("/v1/mcp", "2025-06-18");
  EXPECT_EQ(post("/v1/mcp", R"([{"jsonrpc":"2.0","id":1,"method":"ping"}])", {{"Mcp-Session-Id", id}}).status, 400);
}

class SessionLife : public GatewayTest {};

TEST_F(SessionLife, SurvivesARestart) {
  const auto id = open_session();
  restart();
  EXPECT_EQ(post("/v1/mcp", R"({"jsonrpc":"2.0","id":1,"method":"ping"})", {{"Mcp-Session-Id", id}}).status, 200);
}

TEST_F(SessionLife, EndedOnPurposeIsNotFoundEvenAfterARestart) {
  const auto id = open_session();
  EXPECT_EQ(handle(request(http::Method::delete_, "/v1/mcp", {}, {{"Mcp-Session-Id", id}}))->answer.status, 204);
  const auto ping = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";
  EXPECT_EQ(post("/v1/mcp", ping, {{"Mcp-Session-Id", id}}).status, 404);
  restart();
  const auto answer = post("/v1/mcp", ping, {{"Mcp-Session-Id", id}});
  EXPECT_EQ(answer.status, 404);
  EXPECT_THAT(answer.body, HasSubstr("Session not found"));
}

TEST_F(SessionLife, LostByTheStoreIsTakenUpQuietly) {
  const auto id = open_session();
  ASSERT_TRUE(database_.write_now([](store::Connection& c) { return c.execute("DELETE FROM sessions", {}); }));
  restart();
  EXPECT_EQ(post("/v1/mcp", R"({"jsonrpc":"2.0","id":1,"method":"ping"})", {{"Mcp-Session-Id", id}}).status, 200);
}

TEST_F(SessionLife, AnotherPersonsIdAndAForgedOneAreNotFound) {
  const auto id = open_session();
  subject_ = "mallory";
  const auto ping = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";
  EXPECT_EQ(post("/v1/mcp", ping, {{"Mcp-Session-Id", id}}).status, 404);
  EXPECT_EQ(post("/v1/mcp", ping, {{"Mcp-Session-Id", std::string(44, 'A')}}).status, 404);
}

TEST_F(SessionLife, IdOfOneEndpointIsNoIdOfAnother) {
  const auto id = open_session("/v1/open/mcp");
  EXPECT_EQ(post("/v1/mcp", R"({"jsonrpc":"2.0","id":1,"method":"ping"})", {{"Mcp-Session-Id", id}}).status, 404);
}

TEST_F(SessionLife, EndsWithItsGrant) {
  const auto id = open_session();
  ASSERT_TRUE(on_thread(endpoint_->sessions().end_of_grant("grant-of-alice")));
  EXPECT_EQ(post("/v1/mcp", R"({"jsonrpc":"2.0","id":1,"method":"ping"})", {{"Mcp-Session-Id", id}}).status, 404);
}

TEST_F(SessionLife, InitializeNegotiatesTheRevision) {
  const auto answer =
      post("/v1/mcp", R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2099-01-01"}})");
  EXPECT_THAT(answer.body, HasSubstr(R"("protocolVersion":"2025-11-25")"));
}

class UnifiedTools : public GatewayTest {};

TEST_F(UnifiedTools, ListHasVendorsWithoutAKeyAndThoseWithAWorkingOne) {
  const auto list = R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})";
  auto answer = post("/v1/mcp", list);
  EXPECT_THAT(answer.body, HasSubstr("open__echo"));
  EXPECT_THAT(answer.body, Not(HasSubstr("keyed__echo")));
  save_key();
  answer = post("/v1/mcp", list);
  EXPECT_THAT(answer.body, HasSubstr("keyed__echo"));
  ASSERT_TRUE(json::parse(answer.body)) << answer.body;
}

TEST_F(UnifiedTools, ListIsFetchedOncePerConnection) {
  const auto list = R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})";
  post("/v1/mcp", list);
  post("/v1/mcp", list);
  EXPECT_EQ(channels_.seen().size(), 1U);
}

TEST_F(UnifiedTools, ListFollowsEveryPage) {
  channels_.vendors["open"].answer = [](const fake::SeenRequest& seen) -> std::vector<fake::Step> {
    if (seen.body.contains("cursor"))
      return {std::string(R"({"jsonrpc":"2.0","id":$ID,"result":{"tools":[{"name":"b"}]}})")};
    return {std::string(R"({"jsonrpc":"2.0","id":$ID,"result":{"tools":[{"name":"a"}],"nextCursor":"2"}})")};
  };
  const auto answer = post("/v1/mcp", R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})");
  EXPECT_THAT(answer.body, testing::AllOf(HasSubstr("open__a"), HasSubstr("open__b")));
}

TEST_F(UnifiedTools, BrokenVendorIsLeftOut) {
  add_vendor("broken", false);
  channels_.vendors["broken"].open = base::fail(base::Kind::vendor_down, "vendor.refused", "vendor broken: refused");
  const auto answer = post("/v1/mcp", R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})");
  EXPECT_THAT(answer.body, HasSubstr("open__echo"));
  EXPECT_THAT(answer.body, Not(HasSubstr("broken")));
}

TEST_F(UnifiedTools, CallReachesTheVendorUnderItsOwnNameAndKeepsTheClientsId) {
  const auto answer = post(
      "/v1/mcp",
      R"({"jsonrpc":"2.0","id":"c-1","method":"tools/call","params":{"name":"open__echo","arguments":{"x":1.0}}})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"result":{"content":[{"type":"text","text":"hi"}]},"jsonrpc":"2.0","id":"c-1"})");
  const auto seen = channels_.seen();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].name, "echo");
  EXPECT_THAT(seen[0].body, HasSubstr(R"("name":"echo","arguments":{"x":1.0})"));
}

TEST_F(UnifiedTools, CallWithoutACredentialSaysWhereToSaveIt) {
  const auto answer =
      post("/v1/mcp", R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"keyed__echo"}})");
  EXPECT_THAT(answer.body, HasSubstr(R"("isError":true)"));
  EXPECT_THAT(answer.body, HasSubstr("http://127.0.0.1:8080/settings/connections/keyed"));
}

TEST_F(UnifiedTools, CallToADownVendorFailsAtOnceAndNamesIt) {
  for (int i = 0; i < 5; ++i) health_.note_failure("open", {base::Kind::vendor_down, "x", "refused", {}, {}});
  const auto answer =
      post("/v1/mcp", R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"open__echo"}})");
  EXPECT_THAT(answer.body, testing::AllOf(HasSubstr(R"("isError":true)"), HasSubstr("Vendor open"), HasSubstr("down")));
  EXPECT_TRUE(channels_.seen().empty());
}

TEST_F(UnifiedTools, VendorTroubleBecomesAToolErrorThatNamesTheVendor) {
  channels_.vendors["open"].answer = [](const fake::SeenRequest&) -> std::vector<fake::Step> {
    return {base::fail(base::Kind::vendor_timeout, "vendor.timeout", "no answer within 300 s")};
  };
  const auto answer =
      post("/v1/mcp", R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"open__echo"}})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, testing::AllOf(HasSubstr(R"("isError":true)"), HasSubstr("vendor open")));
}

TEST_F(UnifiedTools, RejectedCredentialIsMarkedAndItsSecretMasked) {
  save_key();
  channels_.vendors["keyed"].answer = [](const fake::SeenRequest&) -> std::vector<fake::Step> {
    return {base::fail(base::Kind::vendor_rejected, "vendor.rejected", "bad key s3cret-key")};
  };
  post("/v1/mcp", R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"keyed__echo"}})");
  EXPECT_EQ(credentials_.find("alice", "keyed")->state, vault::State::rejected);
  EXPECT_THAT(credentials_.last_message, Not(HasSubstr("s3cret-key")));
}

TEST_F(UnifiedTools, UnknownToolIsInvalidParams) {
  EXPECT_THAT(post("/v1/mcp", R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"nobody__x"}})").body,
              HasSubstr("-32602"));
}

TEST_F(UnifiedTools, ForgottenUpstreamSessionIsOpenedAgainOnce) {
  auto calls = std::make_shared<int>(0);
  channels_.vendors["open"].answer = [calls](const fake::SeenRequest&) -> std::vector<fake::Step> {
    if (++*calls == 1) return {base::fail(base::Kind::not_found, "vendor.session_gone", "gone")};
    return {std::string(R"({"jsonrpc":"2.0","id":$ID,"result":{}})")};
  };
  const auto answer =
      post("/v1/mcp", R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"open__echo"}})");
  EXPECT_THAT(answer.body, HasSubstr(R"("result":{})"));
  EXPECT_EQ(channels_.opened, 2);
}

TEST_F(UnifiedTools, OnePersonsCredentialIsNeverUsedForAnother) {
  save_key();
  subject_ = "bob";
  const auto answer =
      post("/v1/mcp", R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"keyed__echo"}})");
  EXPECT_THAT(answer.body, HasSubstr(R"("isError":true)"));
  EXPECT_TRUE(channels_.seen().empty());
}

}  // namespace
