// Rotation with overlap.
#include "fixture.hpp"
#include "oauth/detail/jose.hpp"
#include "oauth/sealed_columns.hpp"

namespace {

using namespace oauth_test;

class SigningKeysTest : public ServerTest {
 protected:
  std::vector<std::string> published() {
    std::vector<std::string> kids;
    for (const auto& key : json(get("/.well-known/jwks.json")).at("keys").as_array()) {
      kids.push_back(text(key.as_object(), "kid"));
    }
    return kids;
  }
  std::string signer() { return server_->keys().current()->signer(clock_.now()).kid; }
  std::string client_ = register_client();
};

TEST_F(SigningKeysTest, ANewKeyIsPublishedBeforeItSigns) {
  const auto old = signer();
  const auto rotated = run(server_->keys().rotate());
  ASSERT_TRUE(rotated);
  EXPECT_THAT(published(), testing::ElementsAre(old, *rotated));
  EXPECT_EQ(signer(), old);
  clock_.advance(std::chrono::minutes(60));
  EXPECT_EQ(signer(), *rotated);
}

TEST_F(SigningKeysTest, AnOldTokenIsGoodUntilItExpiresAndThenItsKeyGoes) {
  const auto old = signer();
  const auto rotated = run(server_->keys().rotate());
  clock_.advance(std::chrono::minutes(60) - std::chrono::seconds(1));
  const auto last = sign_in(client_).access;
  clock_.advance(std::chrono::minutes(15) + std::chrono::seconds(30));
  ASSERT_TRUE(run(server_->maintain()));
  EXPECT_THAT(published(), testing::Contains(old));
  EXPECT_TRUE(accepts(last));
  clock_.advance(std::chrono::minutes(10));
  ASSERT_TRUE(run(server_->maintain()));
  EXPECT_THAT(published(), testing::ElementsAre(*rotated));
}

TEST_F(SigningKeysTest, RotatesByItselfWhenTheKeyIsOld) {
  clock_.advance(std::chrono::hours(24 * 30));
  ASSERT_TRUE(run(server_->maintain()));
  EXPECT_EQ(published().size(), 2U);
  ASSERT_TRUE(run(server_->maintain()));
  EXPECT_EQ(published().size(), 2U);
}

TEST_F(SigningKeysTest, AnotherProcessLearnsTheNewKeyBeforeItSigns) {
  auto other = make_server(config());
  ASSERT_TRUE(other->start());
  ASSERT_TRUE(run(server_->keys().rotate()));
  ASSERT_TRUE(run(other->maintain()));
  clock_.advance(std::chrono::minutes(61));
  const auto access = sign_in(client_).access;
  EXPECT_TRUE(other->verifier().verify(access, "https://gw.example/v1/mcp"));
}

TEST_F(SigningKeysTest, ThePrivateKeyIsSealedInTheStore) {
  const auto rows =
      database_.read_now([](store::Connection& c) { return c.query("SELECT sealed FROM oauth_signing_keys", {}); });
  ASSERT_TRUE(rows);
  const auto key = server_->keys().current()->keys.front().jwk->private_json();
  EXPECT_EQ(rows->front().blob(0).find(R"("d")"), std::string::npos);
  EXPECT_EQ(rows->front().blob(0).find(key.reveal()), std::string::npos);
}

TEST_F(SigningKeysTest, AKeyThatDoesNotOpenStopsTheStart) {
  ASSERT_TRUE(database_.write_now([](store::Connection& c) {
    return c.execute("UPDATE oauth_signing_keys SET sealed = $1", {store::Blob{"garbage"}});
  }));
  const auto started = make_server(config())->start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().kind, base::Kind::unavailable);
}

TEST_F(SigningKeysTest, AMasterKeyRotationFindsThem) {
  const auto report = vault::rotate(database_, sealer_, oauth::sealed_columns());
  ASSERT_TRUE(report);
  EXPECT_EQ(report->failed(), 0);
  EXPECT_EQ(report->columns.front().current, 1);
}

}  // namespace
