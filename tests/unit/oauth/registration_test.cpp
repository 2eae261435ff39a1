// Dynamic client registration.
#include "base/ids.hpp"
#include "fixture.hpp"

namespace {

using namespace oauth_test;

class RegistrationTest : public ServerTest {
 protected:
  http::Response post(const std::string& body, const std::string& path = "/oauth/register") {
    return send(http::Method::post, path, body, {{"Content-Type", "application/json"}});
  }
};

TEST_F(RegistrationTest, AnswersEverythingThatWasRegistered) {
  const auto response = post(R"({"redirect_uris":["http://localhost:1/cb"],"client_name":"X","software_id":"s"})");
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.headers.get("Cache-Control"), "no-store");
  EXPECT_EQ(response.headers.get("Access-Control-Allow-Origin"), "*");
  const auto body = json(response);
  EXPECT_TRUE(base::is_uuid(text(body, "client_id")));
  EXPECT_EQ(text(body, "client_secret").size(), 43U);
  EXPECT_EQ(body.at("client_secret_expires_at").as_int64(), 0);
  EXPECT_EQ(body.at("client_id_issued_at").as_int64(), 1'800'000'000);
  EXPECT_EQ(text(body, "token_endpoint_auth_method"), "client_secret_basic");
  EXPECT_EQ(boost::json::serialize(body.at("grant_types")), R"(["authorization_code","refresh_token"])");
  EXPECT_EQ(boost::json::serialize(body.at("response_types")), R"(["code"])");
  EXPECT_EQ(boost::json::serialize(body.at("redirect_uris")), R"(["http://localhost:1/cb"])");
  EXPECT_EQ(text(body, "client_name"), "X");
  EXPECT_EQ(text(body, "software_id"), "s");
}

TEST_F(RegistrationTest, APublicClientGetsNoSecret) {
  const auto body =
      json(post(R"({"redirect_uris":["http://localhost:1/cb"],"token_endpoint_auth_method":"none"})", "/register"));
  EXPECT_FALSE(body.contains("client_secret"));
}

TEST_F(RegistrationTest, WhatIsNotMetadataIsRefusedInJson) {
  for (const auto* body : {"", "{", "[]", "null", "<html>", "{\"redirect_uris\":[\"http://localhost/\"]} x"}) {
    const auto response = post(body);
    EXPECT_EQ(response.status, 400) << body;
    EXPECT_EQ(error_of(response), "invalid_client_metadata") << body;
  }
  EXPECT_EQ(post(std::string(70'000, ' ')).status, 413);
  std::string deep =
      R"({"redirect_uris":["http://localhost/"],"x":)" + std::string(5000, '[') + std::string(5000, ']') + "}";
  EXPECT_EQ(post(deep).status, 400);
}

TEST_F(RegistrationTest, ThreeHundredAnHourArePossibleAndOnePeerDoesNotShutOutAnother) {
  const std::string body = R"({"redirect_uris":["http://localhost:1/cb"],"token_endpoint_auth_method":"none"})";
  for (int i = 0; i < 300; ++i) ASSERT_EQ(post(body).status, 201);
  const auto response = post(body);
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(error_of(response), "slow_down");
  EXPECT_TRUE(response.headers.find("Retry-After"));
  peer_ = "192.0.2.7";
  EXPECT_EQ(post(body).status, 201);
  peer_ = "127.0.0.1";
  clock_.advance(std::chrono::minutes(61));
  EXPECT_EQ(post(body).status, 201);
}

}  // namespace
