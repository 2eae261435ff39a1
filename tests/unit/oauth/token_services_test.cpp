// Revocation and introspection.
#include "fixture.hpp"

namespace {

using namespace oauth_test;

class TokenServicesTest : public ServerTest {
 protected:
  http::Response revoke(const std::string& client, const std::string& token) {
    return post_form("/oauth/revoke", {{"client_id", client}, {"token", token}});
  }
  boost::json::object introspect(const std::string& client, const std::string& token, const Fields& extra = {}) {
    Fields fields{{"client_id", client}, {"token", token}};
    fields.insert(fields.end(), extra.begin(), extra.end());
    const auto response = post_form("/oauth/introspect", fields);
    EXPECT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(response.headers.get("Cache-Control"), "no-store");
    return json(response);
  }
  std::string client_ = register_client();
  Tokens tokens_ = sign_in(client_);
};

TEST_F(TokenServicesTest, RevokingTheRefreshTokenEndsTheGrant) {
  EXPECT_EQ(revoke(client_, tokens_.refresh).status, 200);
  EXPECT_FALSE(accepts(tokens_.access));
  EXPECT_EQ(refresh(client_, tokens_.refresh).status, 400);
}

TEST_F(TokenServicesTest, RevokingTheAccessTokenEndsTheGrantAlsoWhenItHasExpired) {
  clock_.advance(std::chrono::hours(1));
  EXPECT_EQ(revoke(client_, tokens_.access).status, 200);
  EXPECT_EQ(refresh(client_, tokens_.refresh).status, 400);
}

TEST_F(TokenServicesTest, AnUnknownTokenIsAsGoodAsRevoked) {
  EXPECT_EQ(revoke(client_, "unknown").status, 200);
  EXPECT_EQ(revoke(client_, "a.b.c").status, 200);
  EXPECT_EQ(revoke(client_, tokens_.access + "x").status, 200);
  EXPECT_TRUE(accepts(tokens_.access));
}

TEST_F(TokenServicesTest, AnotherClientCannotRevoke) {
  const auto other = register_client();
  for (const auto& token : {tokens_.refresh, tokens_.access}) {
    const auto response = revoke(other, token);
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(error_of(response), "unauthorized_client");
  }
  EXPECT_TRUE(accepts(tokens_.access));
  EXPECT_EQ(post_form("/oauth/revoke", {{"token", tokens_.refresh}}).status, 401);
}

TEST_F(TokenServicesTest, TheTokensOwnClientMayLookIntoIt) {
  const auto access = introspect(client_, tokens_.access);
  EXPECT_TRUE(access.at("active").as_bool());
  EXPECT_EQ(text(access, "sub"), kUser);
  EXPECT_EQ(text(access, "client_id"), client_);
  EXPECT_TRUE(introspect(client_, tokens_.refresh).at("active").as_bool());
}

TEST_F(TokenServicesTest, AnotherPublicClientLearnsNothing) {
  const auto other = register_client();
  for (const auto& token : {tokens_.access, tokens_.refresh, std::string("x")}) {
    EXPECT_EQ(boost::json::serialize(introspect(other, token)), R"({"active":false})");
  }
}

TEST_F(TokenServicesTest, AConfidentialClientMayWithItsSecretOnly) {
  const auto service = register_all(R"("token_endpoint_auth_method":"client_secret_post")");
  const auto id = text(service, "client_id");
  EXPECT_TRUE(
      introspect(id, tokens_.access, {{"client_secret", text(service, "client_secret")}}).at("active").as_bool());
  EXPECT_EQ(post_form("/oauth/introspect", {{"client_id", id}, {"token", tokens_.access}}).status, 401);
}

TEST_F(TokenServicesTest, WhatIsOverIsInactive) {
  ASSERT_EQ(revoke(client_, tokens_.refresh).status, 200);
  EXPECT_FALSE(introspect(client_, tokens_.access).at("active").as_bool());
  EXPECT_FALSE(introspect(client_, tokens_.refresh).at("active").as_bool());
  const auto expired = sign_in(client_).access;
  clock_.advance(std::chrono::hours(1));
  EXPECT_FALSE(introspect(client_, expired).at("active").as_bool());
}

}  // namespace
