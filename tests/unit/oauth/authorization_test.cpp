// The authorization endpoint, and what an attacker would try there.
#include "fixture.hpp"

namespace {

using namespace oauth_test;

class AuthorizationTest : public ServerTest {
 protected:
  // The parameters of the answer that went back to the client.
  std::map<std::string, std::string> refused_to_client(const Fields& fields) {
    const auto response = authorize(fields);
    EXPECT_EQ(response.status, 303);
    const std::string location(response.headers.get("Location"));
    EXPECT_THAT(location, testing::StartsWith(std::string(kRedirect) + "?"));
    auto query = query_of(location);
    EXPECT_EQ(query["iss"], kIssuer);
    EXPECT_FALSE(query.contains("code"));
    return query;
  }
  // Refused without sending anybody anywhere.
  std::string refused_here(const Fields& fields) {
    const auto response = authorize(fields);
    EXPECT_EQ(response.status, 400);
    EXPECT_FALSE(response.headers.find("Location"));
    return error_of(response);
  }
  std::string client_ = register_client();
};

TEST_F(AuthorizationTest, AGoodRequestGoesToTheConsentPageAndLeavesNothingBehind) {
  Fields request = request_of(client_);
  request.emplace_back("prompt", "consent");
  const auto response = authorize(request);
  ASSERT_EQ(response.status, 303);
  const std::string location(response.headers.get("Location"));
  ASSERT_THAT(location, testing::StartsWith("/auth/consent?"));
  const auto shown = run(server_->desk().describe(location.substr(location.find('?') + 1)));
  ASSERT_TRUE(shown) << shown.error().message;
  EXPECT_EQ(shown->client_name, "Test");
  EXPECT_EQ(shown->client_id, client_);
  EXPECT_EQ(shown->redirect_host, "localhost:3335");
  EXPECT_TRUE(shown->redirect_is_loopback);
  EXPECT_EQ(shown->resource, kIssuer);
  EXPECT_EQ(shown->resource_name, "every vendor");
  EXPECT_EQ(shown->scope, "mcp");
  const auto codes = database_.read_now(
      [](store::Connection& connection) { return connection.query("SELECT hash FROM oauth_codes", {}); });
  EXPECT_TRUE(codes && codes->empty());
}

TEST_F(AuthorizationTest, ApprovalReturnsCodeStateAndIssuerOnce) {
  auto query = query_of(approve(request_of(client_)));
  EXPECT_EQ(query.size(), 3U);
  EXPECT_EQ(query["state"], "st/a te");
  EXPECT_EQ(query["iss"], kIssuer);
  EXPECT_EQ(query["code"].size(), 43U);
}

TEST_F(AuthorizationTest, DenialTellsTheClient) {
  const auto url = run(server_->desk().decide(form(request_of(client_)), "u", identity::Decision::deny));
  ASSERT_TRUE(url);
  auto query = query_of(*url);
  EXPECT_EQ(query["error"], "access_denied");
  EXPECT_EQ(query["state"], "st/a te");
  EXPECT_EQ(query["iss"], kIssuer);
}

TEST_F(AuthorizationTest, PostIsTheSameAsGet) {
  const auto response = post_form("/oauth/authorize", request_of(client_));
  EXPECT_EQ(response.status, 303);
  EXPECT_THAT(std::string(response.headers.get("Location")), testing::StartsWith("/auth/consent?"));
  EXPECT_EQ(get("/authorize?" + form(request_of(client_))).status, 303);
}

TEST_F(AuthorizationTest, NoProofKeyIsRefused) {
  Fields request = request_of(client_);
  drop(request, "code_challenge");
  drop(request, "code_challenge_method");
  auto query = refused_to_client(request);
  EXPECT_EQ(query["error"], "invalid_request");
  EXPECT_EQ(query["state"], "st/a te");
  EXPECT_FALSE(run(server_->desk().decide(form(request), "u", identity::Decision::approve)));
}

TEST_F(AuthorizationTest, APlainProofKeyIsRefused) {
  Fields request = request_of(client_);
  set(request, "code_challenge_method", "plain");
  EXPECT_EQ(refused_to_client(request)["error"], "invalid_request");
  drop(request, "code_challenge_method");  // means plain (RFC 7636 section 4.3)
  EXPECT_EQ(refused_to_client(request)["error"], "invalid_request");
}

TEST_F(AuthorizationTest, AChallengeThatIsNoDigestIsRefused) {
  Fields request = request_of(client_);
  for (const auto* challenge : {"", "abc", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c!", "x y"}) {
    set(request, "code_challenge", challenge);
    EXPECT_EQ(refused_to_client(request)["error"], "invalid_request") << challenge;
  }
}

TEST_F(AuthorizationTest, AnotherResponseTypeIsRefused) {
  Fields request = request_of(client_);
  set(request, "response_type", "token");
  EXPECT_EQ(refused_to_client(request)["error"], "unsupported_response_type");
  drop(request, "response_type");
  EXPECT_EQ(refused_to_client(request)["error"], "invalid_request");
}

TEST_F(AuthorizationTest, ARedirectUriThatDiffersByOneCharacterIsRefusedHere) {
  Fields request = request_of(client_);
  for (const auto* uri : {"http://localhost:3335/oauth/callbacK", "http://localhost:3335/oauth/callback/",
                          "http://localhost:3335/oauth/callback?x", "https://localhost:3335/oauth/callback",
                          "http://127.0.0.1:3335/oauth/callback"}) {
    set(request, "redirect_uri", uri);
    EXPECT_EQ(refused_here(request), "invalid_request") << uri;
  }
}

TEST_F(AuthorizationTest, TheLoopbackPortMayDifferAndNoOther) {
  Fields request = request_of(client_);
  set(request, "redirect_uri", "http://localhost:40000/oauth/callback");
  EXPECT_EQ(authorize(request).status, 303);

  const auto other = register_client(R"("token_endpoint_auth_method":"none")", "https://app.example:8443/cb");
  request = request_of(other);
  set(request, "redirect_uri", "https://app.example:8444/cb");
  EXPECT_EQ(refused_here(request), "invalid_request");
}

TEST_F(AuthorizationTest, ItIsNoOpenRedirector) {
  Fields request = request_of(client_);
  for (const auto* uri :
       {"https://evil.example/", "//evil.example", "javascript:alert(1)",
        "http://localhost:3335@evil.example/oauth/callback", "http://localhost.evil.example:3335/oauth/callback",
        "http://evil.example/http://localhost:3335/oauth/callback"}) {
    set(request, "redirect_uri", uri);
    EXPECT_EQ(refused_here(request), "invalid_request") << uri;
  }
  drop(request, "redirect_uri");
  EXPECT_EQ(refused_here(request), "invalid_request");
}

TEST_F(AuthorizationTest, AnUnknownClientIsToldInJsonOrOnAPage) {
  Fields request = request_of("01890000-0000-7000-8000-000000000000");
  EXPECT_EQ(refused_here(request), "invalid_client");
  const auto page = authorize(request, {{"Accept", "text/html,application/xhtml+xml"}});
  EXPECT_EQ(page.status, 303);
  EXPECT_THAT(std::string(page.headers.get("Location")),
              testing::StartsWith("/auth/authorize-error?code=invalid_client&description="));
}

TEST_F(AuthorizationTest, RepeatedParametersAreRefused) {
  for (const auto* name : {"state", "scope", "code_challenge", "response_type", "code_challenge_method"}) {
    Fields request = request_of(client_);
    request.emplace_back(name, "again");
    request.emplace_back(name, "again");
    EXPECT_EQ(refused_to_client(request)["error"], "invalid_request") << name;
  }
  for (const auto* name : {"client_id", "redirect_uri"}) {
    Fields request = request_of(client_);
    request.emplace_back(name, "https://evil.example/");
    EXPECT_EQ(refused_here(request), "invalid_request") << name;
  }
}

TEST_F(AuthorizationTest, OversizedAndMalformedQueriesAreRefusedHere) {
  Fields request = request_of(client_);
  set(request, "state", std::string(20'000, 's'));
  EXPECT_EQ(refused_here(request), "invalid_request");
  EXPECT_EQ(get("/oauth/authorize?client_id=%zz").status, 400);
  EXPECT_EQ(get("/oauth/authorize").status, 400);
  EXPECT_EQ(send(http::Method::post, "/oauth/authorize", std::string(40'000, 'x')).status, 413);
}

TEST_F(AuthorizationTest, AResourceElsewhereIsAnInvalidTarget) {
  for (const auto* resource :
       {"https://evil.example/v1/mcp", "https://gw.example/v1/nobody/mcp", "https://gw.example/v1/mcp#x",
        "https://gw.example.evil/v1/mcp", "https://gw.example/v1", "https://gw.example/v1/mcp//", ""}) {
    Fields request = request_of(client_);
    request.emplace_back("resource", resource);
    EXPECT_EQ(refused_to_client(request)["error"], "invalid_target") << resource;
  }
}

TEST_F(AuthorizationTest, AResourceOfThisGatewayIsGranted) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"https://gw.example", "https://gw.example"},
      {"https://gw.example/", "https://gw.example"},
      {"HTTPS://GW.example/v1/mcp", "https://gw.example/v1/mcp"},
      {"https://gw.example/v1/mcp/", "https://gw.example/v1/mcp"},
      {"https://gw.example/v1/hudu/mcp", "https://gw.example/v1/hudu/mcp"}};
  for (const auto& [asked, granted] : table) {
    Fields request = request_of(client_);
    request.emplace_back("resource", asked);
    const auto shown = run(server_->desk().describe(form(request)));
    ASSERT_TRUE(shown) << asked;
    EXPECT_EQ(shown->resource, granted);
  }
}

TEST_F(AuthorizationTest, UnknownScopesAreDropped) {
  for (const auto* scope : {"openid email profile", "mcp offline_access", "", "mcp"}) {
    Fields request = request_of(client_);
    request.emplace_back("scope", scope);
    const auto shown = run(server_->desk().describe(form(request)));
    ASSERT_TRUE(shown);
    EXPECT_EQ(shown->scope, "mcp");
  }
}

TEST_F(AuthorizationTest, TheStateCannotSmuggleAnything) {
  Fields request = request_of(client_);
  set(request, "state", "a&code=evil\r\nSet-Cookie: x=1#f");
  auto query = query_of(approve(request));
  EXPECT_EQ(query["state"], "a&code=evil\r\nSet-Cookie: x=1#f");
  EXPECT_EQ(query["code"].size(), 43U);
  const std::string location(authorize(request).headers.get("Location"));
  EXPECT_EQ(location.find_first_of("\r\n#"), std::string::npos);
}

TEST_F(AuthorizationTest, AStoreInTroubleIsTemporarilyUnavailable) {
  ASSERT_TRUE(database_.write_now([](store::Connection& c) { return c.script("DROP TABLE oauth_clients"); }));
  const auto response = authorize(request_of(client_));
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(error_of(response), "temporarily_unavailable");
  EXPECT_TRUE(response.headers.find("Retry-After"));
}

}  // namespace
