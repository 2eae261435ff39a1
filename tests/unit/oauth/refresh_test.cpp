// Rotation of refresh tokens: honest races heal, theft ends the grant.
#include "fixture.hpp"

namespace {

using namespace oauth_test;

class RefreshTest : public ServerTest {
 protected:
  std::string refused(const http::Response& response) {
    EXPECT_EQ(response.status, 400) << response.body;
    return error_of(response);
  }
  std::string client_ = register_client();
  Tokens first_ = sign_in(client_);
};

TEST_F(RefreshTest, GivesNewTokensAndTheOldAccessTokenLivesOn) {
  const auto second = tokens_of(refresh(client_, first_.refresh));
  EXPECT_NE(second.refresh, first_.refresh);
  EXPECT_NE(second.access, first_.access);
  EXPECT_TRUE(accepts(first_.access));
  EXPECT_TRUE(accepts(second.access));
}

TEST_F(RefreshTest, ARaceWithinTheGraceGetsTheSameSuccessor) {
  const auto one = tokens_of(refresh(client_, first_.refresh));
  clock_.advance(std::chrono::seconds(60));
  const auto two = tokens_of(refresh(client_, first_.refresh));
  EXPECT_EQ(one.refresh, two.refresh);
  EXPECT_TRUE(accepts(two.access));
  EXPECT_EQ(refresh(client_, one.refresh).status, 200);
}

TEST_F(RefreshTest, ALateRacerGetsTheNewestTokenNotOneThatIsAboutToDie) {
  const auto second = tokens_of(refresh(client_, first_.refresh));
  const auto third = tokens_of(refresh(client_, second.refresh));
  EXPECT_EQ(tokens_of(refresh(client_, first_.refresh)).refresh, third.refresh);
}

TEST_F(RefreshTest, ReuseAfterTheGraceRevokesTheFamily) {
  const auto second = tokens_of(refresh(client_, first_.refresh));
  clock_.advance(std::chrono::seconds(61));
  EXPECT_EQ(refused(refresh(client_, first_.refresh)), "invalid_grant");
  EXPECT_EQ(refused(refresh(client_, second.refresh)), "invalid_grant");
  EXPECT_FALSE(accepts(first_.access));
  EXPECT_FALSE(accepts(second.access));
}

TEST_F(RefreshTest, ReuseDoesNotTouchAnotherGrantOfTheSameUserAndClient) {
  const auto other = sign_in(client_);
  static_cast<void>(refresh(client_, first_.refresh));
  clock_.advance(std::chrono::seconds(61));
  EXPECT_EQ(refused(refresh(client_, first_.refresh)), "invalid_grant");
  EXPECT_TRUE(accepts(other.access));
  EXPECT_EQ(refresh(client_, other.refresh).status, 200);
}

TEST_F(RefreshTest, ATokenOfAnotherClientIsRefusedAndNothingIsRevoked) {
  EXPECT_EQ(refused(refresh(register_client(), first_.refresh)), "invalid_grant");
  EXPECT_EQ(refresh(client_, first_.refresh).status, 200);
}

TEST_F(RefreshTest, AnUnusedTokenExpires) {
  clock_.advance(std::chrono::hours(24 * 90));
  EXPECT_EQ(refused(refresh(client_, first_.refresh)), "invalid_grant");
}

TEST_F(RefreshTest, UseKeepsItAlive) {
  auto refresh_token = first_.refresh;
  for (int month = 0; month < 6; ++month) {
    clock_.advance(std::chrono::hours(24 * 30));
    ASSERT_TRUE(run(server_->maintain()));
    refresh_token = tokens_of(refresh(client_, refresh_token)).refresh;
  }
}

TEST_F(RefreshTest, TokensClientsAndKeysSurviveARestart) {
  restart();
  EXPECT_TRUE(accepts(first_.access));
  const auto second = tokens_of(refresh(client_, first_.refresh));
  restart();
  EXPECT_EQ(tokens_of(refresh(client_, first_.refresh)).refresh, second.refresh);
}

TEST_F(RefreshTest, ARevocationSurvivesARestart) {
  const auto grants = run(server_->grants().list(std::string(kUser)));
  ASSERT_TRUE(grants);
  ASSERT_EQ(grants->size(), 1U);
  ASSERT_TRUE(run(server_->grants().revoke_for(std::string(kUser), grants->front().id)));
  restart();
  EXPECT_FALSE(accepts(first_.access));
  EXPECT_EQ(refused(refresh(client_, first_.refresh)), "invalid_grant");
}

TEST_F(RefreshTest, AnotherProcessHearsOfARevocation) {
  auto other = make_server(config());
  ASSERT_TRUE(other->start());
  ASSERT_TRUE(other->verifier().verify(first_.access, "https://gw.example/v1/mcp"));
  int told = 0;
  const auto subscription = other->revocations().subscribe([&](const oauth::GrantRevoked&) { ++told; });
  ASSERT_EQ(run(server_->grants().revoke_all(std::string(kUser))).value_or(0), 1);
  ASSERT_TRUE(run(other->maintain()));
  EXPECT_FALSE(other->verifier().verify(first_.access, "https://gw.example/v1/mcp"));
  EXPECT_EQ(told, 1);
}

TEST_F(RefreshTest, AnotherUsersGrantIsNotFound) {
  const auto grants = run(server_->grants().list(std::string(kUser)));
  ASSERT_TRUE(grants);
  const auto ended = run(server_->grants().revoke_for("somebody-else", grants->front().id));
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().kind, base::Kind::not_found);
  EXPECT_TRUE(accepts(first_.access));
}

TEST_F(RefreshTest, AClientWithAGrantIsNeverForgottenAndOneWithoutIs) {
  const auto idle = register_client();
  for (int month = 0; month < 4; ++month) {
    clock_.advance(std::chrono::hours(24 * 30));
    first_ = tokens_of(refresh(client_, first_.refresh));
    ASSERT_TRUE(run(server_->maintain()));
  }
  EXPECT_EQ(authorize(request_of(client_)).status, 303);
  EXPECT_EQ(authorize(request_of(idle)).status, 400);
}

TEST_F(RefreshTest, WhatIsOverIsDeleted) {
  ASSERT_EQ(run(server_->grants().revoke_all(std::string(kUser))).value_or(0), 1);
  clock_.advance(std::chrono::hours(24 * 15));
  ASSERT_TRUE(run(server_->maintain()));
  for (const auto* table : {"oauth_codes", "oauth_grants", "oauth_refresh_tokens"}) {
    const std::string sql = "SELECT count(*) FROM " + std::string(table);
    const auto rows = database_.read_now([&](store::Connection& c) { return c.query(sql, {}); });
    ASSERT_TRUE(rows);
    EXPECT_EQ(rows->front().integer(0), 0) << table;
  }
}

}  // namespace
