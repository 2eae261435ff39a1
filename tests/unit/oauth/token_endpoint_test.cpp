// Codes for tokens, and what an attacker would try with a code.
#include "fixture.hpp"

namespace {

using namespace oauth_test;

class TokenEndpointTest : public ServerTest {
 protected:
  std::string refused(const http::Response& response, int status = 400) {
    EXPECT_EQ(response.status, status) << response.body;
    EXPECT_EQ(response.headers.get("Cache-Control"), "no-store");
    return error_of(response);
  }
  std::string client_ = register_client();
};

TEST_F(TokenEndpointTest, ACodeGivesTokensThatAreNotCached) {
  const auto response = token(exchange_of(client_, code_for(request_of(client_))));
  ASSERT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(response.headers.get("Cache-Control"), "no-store");
  EXPECT_EQ(response.headers.get("Access-Control-Allow-Origin"), "*");
  const auto body = json(response);
  EXPECT_EQ(text(body, "token_type"), "Bearer");
  EXPECT_EQ(text(body, "scope"), "mcp");
  EXPECT_EQ(body.at("expires_in").as_int64(), 900);
  EXPECT_EQ(text(body, "refresh_token").size(), 43U);
  const auto principal = server_->verifier().verify(text(body, "access_token"), "https://gw.example/v1/hudu/mcp");
  ASSERT_TRUE(principal) << principal.error().message;
  EXPECT_EQ((*principal)->subject, kUser);
  EXPECT_EQ((*principal)->client_id, client_);
  EXPECT_EQ((*principal)->scope, "mcp");
}

TEST_F(TokenEndpointTest, AWrongVerifierIsRefusedAndSpendsTheCode) {
  auto exchange = exchange_of(client_, code_for(request_of(client_)));
  set(exchange, "code_verifier", std::string(43, 'x'));
  EXPECT_EQ(refused(token(exchange)), "invalid_grant");
  set(exchange, "code_verifier", std::string(kVerifier));
  EXPECT_EQ(refused(token(exchange)), "invalid_grant");
}

TEST_F(TokenEndpointTest, AMalformedOrMissingVerifierIsRefused) {
  auto exchange = exchange_of(client_, code_for(request_of(client_)));
  set(exchange, "code_verifier", "short");
  EXPECT_EQ(refused(token(exchange)), "invalid_grant");
  drop(exchange, "code_verifier");
  EXPECT_EQ(refused(token(exchange)), "invalid_request");
}

TEST_F(TokenEndpointTest, AReusedCodeRevokesWhatItHadGiven) {
  const auto exchange = exchange_of(client_, code_for(request_of(client_)));
  const auto tokens = tokens_of(token(exchange));
  ASSERT_TRUE(accepts(tokens.access));
  std::vector<std::string> ended;
  const auto subscription =
      server_->revocations().subscribe([&](const oauth::GrantRevoked& grant) { ended.push_back(grant.user_id); });
  EXPECT_EQ(refused(token(exchange)), "invalid_grant");
  EXPECT_FALSE(accepts(tokens.access));
  EXPECT_EQ(refused(refresh(client_, tokens.refresh)), "invalid_grant");
  EXPECT_THAT(ended, testing::ElementsAre(std::string(kUser)));
}

TEST_F(TokenEndpointTest, ACodeOfAnotherClientIsRefused) {
  const auto code = code_for(request_of(client_));
  EXPECT_EQ(refused(token(exchange_of(register_client(), code))), "invalid_grant");
  EXPECT_EQ(token(exchange_of(client_, code)).status, 200);
}

TEST_F(TokenEndpointTest, AnotherRedirectUriThanInTheRequestIsRefused) {
  auto exchange = exchange_of(client_, code_for(request_of(client_)));
  set(exchange, "redirect_uri",
      "http://localhost:4444/oauth/callback");  // registered by the port rule, yet not the same
  EXPECT_EQ(refused(token(exchange)), "invalid_grant");
  drop(exchange, "redirect_uri");  // OAuth 2.1 clients leave it out
  EXPECT_EQ(token(exchange).status, 200);
}

TEST_F(TokenEndpointTest, ACodeExpiresAfterAMinute) {
  const auto exchange = exchange_of(client_, code_for(request_of(client_)));
  clock_.advance(std::chrono::seconds(61));
  EXPECT_EQ(refused(token(exchange)), "invalid_grant");
}

TEST_F(TokenEndpointTest, AnUnknownCodeIsRefused) {
  EXPECT_EQ(refused(token(exchange_of(client_, "nonsense"))), "invalid_grant");
}

TEST_F(TokenEndpointTest, AnUnknownClientIsUnauthorized) {
  const auto response = token(exchange_of("01890000-0000-7000-8000-000000000000", "x"));
  EXPECT_EQ(refused(response, 401), "invalid_client");
  EXPECT_FALSE(response.headers.find("WWW-Authenticate"));
}

TEST_F(TokenEndpointTest, AForeignBearerHeaderIsNotLookedAt) {
  const auto exchange = exchange_of(client_, code_for(request_of(client_)));
  EXPECT_EQ(token(exchange, {{"Authorization", "Bearer of-somebody-else"}}).status, 200);
}

TEST_F(TokenEndpointTest, ASecretIsAskedForByBasicOrInTheForm) {
  const auto registered = register_all(R"("token_endpoint_auth_method":"client_secret_basic")");
  const auto id = text(registered, "client_id");
  const auto secret = text(registered, "client_secret");
  ASSERT_EQ(secret.size(), 43U);
  auto exchange = exchange_of(id, code_for(request_of(id)));
  EXPECT_EQ(refused(token(exchange), 401), "invalid_client");
  exchange.emplace_back("client_secret", "wrong");
  EXPECT_EQ(refused(token(exchange), 401), "invalid_client");
  set(exchange, "client_secret", secret);
  EXPECT_EQ(token(exchange).status, 200);

  // RFC 6749 section 2.3.1. Standard base64 of id:secret; these characters are the same in base64url.
  const std::string pair = id + ":" + secret;
  std::string basic = base::base64url(pair);
  while (basic.size() % 4 != 0) basic += '=';
  exchange = exchange_of(id, code_for(request_of(id)));
  drop(exchange, "client_id");
  EXPECT_EQ(token(exchange, {{"Authorization", "Basic " + basic}}).status, 200);
  const auto wrong = token(exchange, {{"Authorization", "Basic " + base::base64url(id + ":wrong")}});
  EXPECT_EQ(refused(wrong, 401), "invalid_client");
  EXPECT_THAT(std::string(wrong.headers.get("WWW-Authenticate")), testing::StartsWith("Basic"));
}

TEST_F(TokenEndpointTest, ATokenForOneResourceIsRefusedAtAnother) {
  const auto tokens = sign_in(client_, {{"resource", "https://gw.example/v1/hudu/mcp"}});
  EXPECT_TRUE(accepts(tokens.access, "https://gw.example/v1/hudu/mcp"));
  EXPECT_FALSE(accepts(tokens.access, "https://gw.example/v1/mcp"));
  EXPECT_FALSE(accepts(tokens.access, "https://gw.example"));
}

TEST_F(TokenEndpointTest, TheResourceMayBeNarrowedButNotWidened) {
  const auto wide = sign_in(client_);
  const auto narrow = tokens_of(refresh(client_, wide.refresh, {{"resource", "https://gw.example/v1/hudu/mcp"}}));
  EXPECT_TRUE(accepts(narrow.access, "https://gw.example/v1/hudu/mcp"));
  EXPECT_FALSE(accepts(narrow.access, "https://gw.example/v1/mcp"));

  const auto one = sign_in(client_, {{"resource", "https://gw.example/v1/hudu/mcp"}});
  EXPECT_EQ(refused(refresh(client_, one.refresh, {{"resource", "https://gw.example/v1/mcp"}})), "invalid_target");
  EXPECT_EQ(refused(refresh(client_, one.refresh, {{"resource", "https://evil.example"}})), "invalid_target");

  Fields request = request_of(client_);
  request.emplace_back("resource", "https://gw.example/v1/hudu/mcp");
  auto exchange = exchange_of(client_, code_for(request));
  exchange.emplace_back("resource", "https://gw.example/v1/mcp");
  EXPECT_EQ(refused(token(exchange)), "invalid_target");
}

TEST_F(TokenEndpointTest, SeveralResourcesAreAllInTheAudience) {
  const auto tokens =
      sign_in(client_, {{"resource", "https://gw.example/v1/hudu/mcp"}, {"resource", "https://gw.example/v1/mcp"}});
  EXPECT_TRUE(accepts(tokens.access, "https://gw.example/v1/hudu/mcp"));
  EXPECT_TRUE(accepts(tokens.access, "https://gw.example/v1/mcp"));
}

TEST_F(TokenEndpointTest, FormsThatAreWrongAreRefused) {
  EXPECT_EQ(refused(token({{"client_id", client_}})), "invalid_request");
  EXPECT_EQ(refused(token({{"grant_type", "password"}, {"client_id", client_}})), "unsupported_grant_type");
  auto twice = exchange_of(client_, "x");
  twice.emplace_back("code", "y");
  EXPECT_EQ(refused(token(twice)), "invalid_request");
  EXPECT_EQ(refused(send(http::Method::post, "/oauth/token", "grant_type=%zz")), "invalid_request");
  EXPECT_EQ(refused(send(http::Method::post, "/oauth/token", "{}", {{"Content-Type", "application/json"}})),
            "invalid_request");
  EXPECT_EQ(refused(send(http::Method::post, "/oauth/token", std::string(70'000, 'x')), 413), "invalid_request");
}

TEST_F(TokenEndpointTest, AClientThatDoesNotWantRefreshTokensGetsNone) {
  const auto id = register_client(R"("token_endpoint_auth_method":"none","grant_types":["authorization_code"])");
  EXPECT_TRUE(sign_in(id).refresh.empty());
}

TEST_F(TokenEndpointTest, AStoreInTroubleIsTemporarilyUnavailable) {
  const auto exchange = exchange_of(client_, code_for(request_of(client_)));
  ASSERT_TRUE(database_.write_now([](store::Connection& c) { return c.script("DROP TABLE oauth_codes"); }));
  const auto response = token(exchange);
  EXPECT_EQ(refused(response, 503), "temporarily_unavailable");
  EXPECT_TRUE(response.headers.find("Retry-After"));
}

TEST_F(TokenEndpointTest, NeitherCodesNorTokensNorSecretsAreStoredAsSuch) {
  const auto registered = register_all(R"("token_endpoint_auth_method":"client_secret_post")");
  const auto code = code_for(request_of(client_));
  const auto tokens = tokens_of(token(exchange_of(client_, code)));
  std::string everything;
  for (const auto* sql :
       {"SELECT id || coalesce(secret_hash, '') || metadata FROM oauth_clients",
        "SELECT hash || client_id || redirect_uri || code_challenge || coalesce(grant_id, '') FROM oauth_codes",
        "SELECT id || client_id || client_name || resources FROM oauth_grants",
        "SELECT hash || grant_id FROM oauth_refresh_tokens"}) {
    const auto rows = database_.read_now([&](store::Connection& c) { return c.query(sql, {}); });
    ASSERT_TRUE(rows);
    ASSERT_FALSE(rows->empty());
    for (const auto& row : *rows) everything += row.text(0) + "\n";
  }
  for (const auto& secret : {code, tokens.refresh, tokens.access, text(registered, "client_secret")}) {
    EXPECT_EQ(everything.find(secret), std::string::npos);
  }
}

}  // namespace
