#include "identity/sign_in.hpp"

#include "fixture.hpp"

namespace identity_test {
namespace {

using base::Kind;
using std::chrono::seconds;

class SignIn : public IdentityTest {
 protected:
  SignIn() { add_with_password("ann"); }
  static identity::SignInRequest request(std::string login, std::string_view password) {
    return {.login = std::move(login), .password = secret(password), .peer = "192.0.2.1", .user_agent = "Firefox"};
  }
  base::Result<identity::SignedIn> sign_in(std::string login, std::string_view password = kPassword) {
    return get(sign_in_.with_password(request(std::move(login), password)));
  }
};

TEST_F(SignIn, RightPasswordOpensASession) {
  const auto signed_in = sign_in("ANN");
  ASSERT_TRUE(signed_in);
  const auto session = get(sessions_.find(signed_in->cookie));
  ASSERT_TRUE(session);
  EXPECT_EQ(session->user.login, "ann");
  EXPECT_EQ(session->user_agent, "Firefox");
}

TEST_F(SignIn, EachSignInHasANewSession) {
  EXPECT_NE(sign_in("ann")->cookie.reveal(), sign_in("ann")->cookie.reveal());
}

TEST_F(SignIn, UnknownAndWrongGetTheSameAnswer) {
  const auto wrong = sign_in("ann", "wrong wrong wrong");
  const auto unknown = sign_in("nobody");
  ASSERT_TRUE(fails(wrong, Kind::unauthenticated));
  ASSERT_TRUE(fails(unknown, Kind::unauthenticated));
  EXPECT_EQ(wrong.error().message, unknown.error().message);
}

TEST_F(SignIn, GuessingIsSlowedDownEvenForTheRightPassword) {
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(fails(sign_in("ann", "wrong wrong wrong"), Kind::unauthenticated));
  const auto refused = sign_in("ann");
  ASSERT_TRUE(fails(refused, Kind::too_many));
  EXPECT_EQ(refused.error().retry_after, seconds(1));
  clock_.advance(seconds(1));
  EXPECT_TRUE(sign_in("ann"));
}

TEST_F(SignIn, UnknownLoginsAreSlowedDownAlike) {
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(fails(sign_in("nobody"), Kind::unauthenticated));
  EXPECT_TRUE(fails(sign_in("nobody"), Kind::too_many));
}

TEST_F(SignIn, SuccessClearsTheCount) {
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(fails(sign_in("ann", "wrong wrong wrong"), Kind::unauthenticated));
    EXPECT_TRUE(sign_in("ann"));
  }
}

TEST_F(SignIn, BusyHasherCountsForNobody) {
  identity::PasswordHasher none({.memory_bytes = 8192, .passes = 1, .threads = 0, .queue_limit = 0});
  identity::Accounts accounts(database_, none, clock_, random_);
  identity::SignIn busy(accounts, sessions_, limiter_, clock_);
  for (int i = 0; i < 50; ++i) {
    EXPECT_TRUE(fails(get(busy.with_password(request("ann", kPassword))), Kind::too_many));
  }
  EXPECT_EQ(limiter_.remembered(), 0U);
  EXPECT_TRUE(sign_in("ann"));
}

}  // namespace
}  // namespace identity_test
