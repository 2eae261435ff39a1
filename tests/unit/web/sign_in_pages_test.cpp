#include "unit/web/fixture.hpp"

namespace web_test {
namespace {

class SignInPages : public PagesTest {
 protected:
  Browser browser() {
    return Browser([this](const http::Request& request) { return send(request); });
  }
};

TEST_F(SignInPages, TheFrontDoorLeadsToSignInOrSettings) {
  add_user("ada");
  auto ada = browser();
  EXPECT_EQ(location(ada.get("/")), "/auth/login");
  ada.sign_in("ada");
  EXPECT_EQ(location(ada.get("/")), "/settings");
}

TEST_F(SignInPages, TheRightPasswordOpensASessionAndLeadsBack) {
  add_user("ada");
  auto ada = browser();
  const auto response = ada.sign_in("ada", kPassword, "/auth/consent?client_id=x&state=%26");
  EXPECT_EQ(response.status, 303);
  EXPECT_EQ(location(response), "/auth/consent?client_id=x&state=%26");
  EXPECT_EQ(ada.get("/settings").status, 200);
}

TEST_F(SignInPages, TheSessionCookieIsHiddenFromScriptsAndOtherSites) {
  add_user("ada");
  const auto response = browser().sign_in("ada");
  const auto cookie = response.headers.get("Set-Cookie");
  EXPECT_THAT(std::string(cookie), testing::AllOf(HasSubstr("HttpOnly"), HasSubstr("SameSite=Lax")));
}

TEST_F(SignInPages, AWrongPasswordKeepsTheNameAndSaysSoWithoutThePassword) {
  add_user("ada");
  const auto response = browser().sign_in("ada", "wrong horse battery", "/settings/health");
  EXPECT_EQ(response.status, 401);
  EXPECT_THAT(response.body, testing::AllOf(HasSubstr("role=\"alert\""), HasSubstr("value=\"ada\""),
                                            HasSubstr("value=\"/settings/health\""), Not(HasSubstr("wrong horse"))));
}

TEST_F(SignInPages, TooManyAttemptsSayWhenToTryAgain) {
  add_user("ada");
  auto ada = browser();
  http::Response last;
  for (int i = 0; i < 30 && last.status != 429; ++i) last = ada.sign_in("ada", "wrong");
  EXPECT_EQ(last.status, 429);
  EXPECT_NE(last.headers.get("Retry-After"), "");
}

TEST_F(SignInPages, SignInNeverLeadsToAnotherSite) {
  add_user("ada");
  for (const std::string evil : {"https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example",
                                 "/\t/evil.example", "javascript:alert(1)", "settings", "/a\r\nSet-Cookie: x=y"}) {
    auto ada = browser();
    EXPECT_EQ(location(ada.sign_in("ada", kPassword, evil)), "/settings") << evil;
    EXPECT_EQ(location(ada.get("/auth/login?return_to=" + base::percent_encode(evil))), "/settings") << evil;
  }
}

TEST_F(SignInPages, SigningOutEndsTheSessionItself) {
  add_user("ada");
  auto ada = browser();
  ada.sign_in("ada");
  auto thief = ada;
  EXPECT_EQ(location(ada.post("/settings", "/auth/logout", {})), "/auth/login?reason=signed-out");
  EXPECT_EQ(ada.get("/settings").status, 303);
  EXPECT_EQ(thief.get("/settings").status, 303);
}

TEST_F(SignInPages, ASignInFormLeftOpenInAnotherTabStillWorksAndReplacesTheSession) {
  add_user("ada");
  auto ada = browser();
  const auto left_open = ada.get("/auth/login").body;
  ada.sign_in("ada");
  auto before = ada;
  const auto response = ada.post_raw(
      "/auth/login",
      {{"_csrf", Browser::token(left_open, "/auth/login")}, {"login", "ada"}, {"password", std::string(kPassword)}});
  EXPECT_EQ(location(response), "/settings");
  EXPECT_EQ(ada.get("/settings").status, 200);
  EXPECT_EQ(before.get("/settings").status, 303);
}

TEST_F(SignInPages, AOneTimeLinkSetsThePasswordOnceAndSignsIn) {
  const auto user = get(accounts_.create({.login = "grace", .display_name = ""})).value();
  const auto link = get(links_.issue(user.id)).value();
  const auto page = "/auth/setup?token=" + std::string(link.token.reveal());
  Form form{{"token", std::string(link.token.reveal())},
            {"password", std::string(kPassword)},
            {"repeat", std::string(kPassword)}};

  auto grace = browser();
  EXPECT_THAT(grace.get(page).body, testing::AllOf(HasSubstr("Welcome"), HasSubstr("grace")));
  EXPECT_EQ(location(grace.post(page, "/auth/setup", form)), "/settings");
  EXPECT_EQ(grace.get("/settings").status, 200);
  const auto again = browser().get(page);
  EXPECT_EQ(again.status, 404);
  EXPECT_THAT(again.body, HasSubstr("works no more"));
}

TEST_F(SignInPages, AOneTimeLinkStaysGoodAfterAMistake) {
  const auto user = add_user("grace");
  const auto link = get(links_.issue(user.id)).value();
  const auto token = std::string(link.token.reveal());
  const auto page = "/auth/setup?token=" + token;
  auto grace = browser();
  EXPECT_THAT(grace.get(page).body, HasSubstr("Choose a new password"));

  const auto differ = grace.post(
      page, "/auth/setup", {{"token", token}, {"password", std::string(kPassword)}, {"repeat", "something else 7"}});
  EXPECT_EQ(differ.status, 400);
  EXPECT_THAT(differ.body, testing::AllOf(HasSubstr("differ"), Not(HasSubstr(std::string(kPassword)))));
  const auto shorter = grace.post(page, "/auth/setup", {{"token", token}, {"password", "short"}, {"repeat", "short"}});
  EXPECT_EQ(shorter.status, 400);
  EXPECT_EQ(grace.get(page).status, 200);
}

TEST_F(SignInPages, ATokenNobodyIssuedIsAnsweredWithAPage) {
  for (const std::string target : {"/auth/setup", "/auth/setup?token=", "/auth/setup?token=%3Cscript%3E"}) {
    const auto response = browser().get(target);
    EXPECT_EQ(response.status, 404) << target;
    EXPECT_THAT(response.body, Not(HasSubstr("<script>")));
  }
}

}  // namespace
}  // namespace web_test
