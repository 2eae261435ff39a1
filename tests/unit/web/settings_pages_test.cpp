#include "unit/web/fixture.hpp"

namespace web_test {
namespace {

class SettingsPages : public PagesTest {
 protected:
  SettingsPages() : user_(add_user("ada")) { ada_.sign_in("ada"); }
  Browser stranger() {
    return Browser([this](const http::Request& request) { return send(request); });
  }

  identity::User user_;
  Browser ada_ = stranger();
};

TEST_F(SettingsPages, ConnectShowsConfigurationForEveryClientAndVendor) {
  const auto page = ada_.get("/settings/connect").body;
  EXPECT_THAT(page, testing::AllOf(HasSubstr("&quot;mcp-remote@latest&quot;"),
                                   HasSubstr("claude mcp add --transport http gateway http://localhost:8080/v1/mcp"),
                                   HasSubstr(".cursor/mcp.json"), HasSubstr(".vscode/mcp.json"),
                                   HasSubstr("http://localhost:8080/v1/desk/mcp"), Not(HasSubstr("/v1/off/mcp"))));
}

TEST_F(SettingsPages, WhichToolsAreListedCanBeChosen) {
  std::vector<std::string> told;
  const auto subscription = preferences_.changes().subscribe([&](const std::string& user) { told.push_back(user); });
  EXPECT_THAT(ada_.get("/settings/connect").body, HasSubstr(R"(value="automatic" checked)"));
  const auto done = ada_.post("/settings/connect", "/settings/connect/tools", {{"listing", "search"}});
  EXPECT_EQ(location(done), "/settings/connect?done=tools#tools");
  EXPECT_THAT(ada_.get("/settings/connect?done=tools").body,
              testing::AllOf(HasSubstr(R"(value="search" checked)"), HasSubstr("Saved.")));
  EXPECT_THAT(told, testing::ElementsAre(user_.id));
  EXPECT_EQ(ada_.post("/settings/connect", "/settings/connect/tools", {{"listing", "some"}}).status, 400);
}

TEST_F(SettingsPages, TheStatusPageIsPublicAndTellsAVendorsTrouble) {
  for (int i = 0; i < 10; ++i) {
    health_.note_failure("desk", {base::Kind::vendor_down, "", "refused <b>", "", {}});
  }
  const auto page = stranger().get("/status");
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, testing::AllOf(HasSubstr("1 of 2 vendors down"), HasSubstr("data-state=\"down\""),
                                        HasSubstr("refused &lt;b&gt;"), HasSubstr("data-state=\"unknown\""),
                                        HasSubstr("10 failures in a row"), Not(HasSubstr("Switched off"))));
}

TEST_F(SettingsPages, HealthForPeopleSignedInIsTheSame) {
  health_.note_success("desk", std::chrono::milliseconds(42));
  EXPECT_THAT(ada_.get("/settings/health").body, testing::AllOf(HasSubstr("data-state=\"up\""), HasSubstr("42 ms")));
}

TEST_F(SettingsPages, BrowsersAreListedAndAllOthersCanBeSignedOut) {
  auto phone = stranger();
  phone.sign_in("ada");
  const auto page = ada_.get("/settings/sessions").body;
  EXPECT_THAT(page,
              testing::AllOf(HasSubstr("Firefox &lt;b&gt;"), HasSubstr("this one"), Not(HasSubstr("Firefox <b>"))));

  const auto done = ada_.post("/settings/sessions", "/settings/sessions/others", {});
  EXPECT_EQ(location(done), "/settings/sessions?done=others");
  EXPECT_EQ(ada_.get("/settings").status, 200);
  EXPECT_EQ(phone.get("/settings").status, 303);
  EXPECT_THAT(ada_.get("/settings/sessions").body, Not(HasSubstr("sign-out-others")));
}

TEST_F(SettingsPages, AConnectedApplicationCanBeDisconnected) {
  grants_.grants = {{"grant-1", "Evil <script>", "every vendor", clock_.now(), std::nullopt}};
  EXPECT_THAT(ada_.get("/settings/sessions").body,
              testing::AllOf(HasSubstr("Evil &lt;script&gt;"), HasSubstr("never"), Not(HasSubstr("Evil <script>"))));

  const auto done = ada_.post("/settings/sessions", "/settings/sessions/revoke", {{"grant", "grant-1"}});
  EXPECT_EQ(location(done), "/settings/sessions?done=disconnected");
  EXPECT_EQ(grants_.revoked, (std::vector<std::pair<std::string, std::string>>{{user_.id, "grant-1"}}));
  EXPECT_THAT(ada_.get("/settings/sessions").body, HasSubstr("None yet."));
}

TEST_F(SettingsPages, DisconnectingWhatIsGoneIsNoError) {
  grants_.grants = {{"grant-1", "App", "every vendor", clock_.now(), clock_.now()}};
  const auto token = Browser::token(ada_.get("/settings/sessions").body, "/settings/sessions/revoke");
  EXPECT_EQ(ada_.post_raw("/settings/sessions/revoke", {{"_csrf", token}, {"grant", "other"}}).status, 303);
}

TEST_F(SettingsPages, WithoutVendorsThePagesSaySo) {
  definitions_.set({});
  EXPECT_THAT(ada_.get("/settings").body, HasSubstr("No vendors yet"));
  EXPECT_THAT(ada_.get("/status").body, HasSubstr("No vendor is switched on."));
  EXPECT_EQ(ada_.get("/settings/connect").status, 200);
}

}  // namespace
}  // namespace web_test
