#include "unit/web/fixture.hpp"

namespace web_test {
namespace {

const std::string kDesk = "/settings/connections/desk";

class ConnectionPages : public PagesTest {
 protected:
  ConnectionPages() : user_(add_user("ada")) { ada_.sign_in("ada"); }
  http::Response save(Form form) { return ada_.post(kDesk, kDesk, std::move(form)); }
  http::Response save_all() { return save({{"api_key", std::string(kSecret)}, {"account", "acme"}, {"region", "eu"}}); }
  std::shared_ptr<const vault::Credential> stored() { return get(credentials_.resolve(user_.id, "desk")).value(); }

  identity::User user_;
  Browser ada_{[this](const http::Request& request) { return send(request); }};
};

TEST_F(ConnectionPages, TheOverviewShowsEveryEnabledVendorAndItsState) {
  const auto page = ada_.get("/settings").body;
  EXPECT_THAT(page, testing::AllOf(HasSubstr("Service &lt;Desk&gt;"), HasSubstr("Tickets &amp; people"),
                                   HasSubstr("data-state=\"needs_key\""), HasSubstr("data-state=\"no_key_needed\""),
                                   HasSubstr("https://desk.example/docs"), Not(HasSubstr("Switched off vendor")),
                                   Not(HasSubstr("javascript:"))));
}

TEST_F(ConnectionPages, TheFormFollowsTheDefinition) {
  const auto page = ada_.get(kDesk).body;
  EXPECT_THAT(page,
              testing::ContainsRegex("<input id=\"field-api_key\" name=\"api_key\" type=\"password\"[^>]*required"));
  EXPECT_THAT(page, HasSubstr("<select id=\"field-region\" name=\"region\""));
  EXPECT_THAT(page, HasSubstr("<option value=\"us\" selected>us</option>"));
  EXPECT_THAT(page, HasSubstr("aria-describedby=\"field-account-help\""));
}

TEST_F(ConnectionPages, SavingStoresProbesAndShowsTheOutcome) {
  const auto response = save_all();
  ASSERT_EQ(response.status, 303);
  EXPECT_EQ(prober_.probed, std::vector<std::string>{"desk"});
  EXPECT_EQ(prober_.last.headers.front().second.reveal(), kSecret);
  EXPECT_EQ(prober_.last.key, user_.id + "/desk/1");

  const auto page = ada_.get(location(response)).body;
  EXPECT_THAT(page, testing::AllOf(HasSubstr("Saved."), HasSubstr("data-state=\"working\"")));
  EXPECT_EQ(stored()->state, vault::State::working);
}

TEST_F(ConnectionPages, NoPageEverShowsASavedSecret) {
  prober_.result = {vendor::Verdict::rejected, "key " + std::string(kSecret) + " is unknown"};
  const auto saved = save_all();
  for (const auto& page : {saved, ada_.get(location(saved)), ada_.get(kDesk), ada_.get("/settings"),
                           ada_.get(kDesk + "/delete"), ada_.get("/settings/health")}) {
    EXPECT_THAT(page.body, Not(HasSubstr(std::string(kSecret))));
  }
  EXPECT_THAT(ada_.get(kDesk).body, testing::AllOf(HasSubstr("key ••• is unknown"), HasSubstr("value=\"acme\"")));
}

TEST_F(ConnectionPages, TheVendorsWordsAreEscaped) {
  prober_.result = {vendor::Verdict::rejected, "<img src=x onerror=alert(1)>\"'"};
  save_all();
  for (const auto* path : {"/settings", "/settings/connections/desk"}) {
    const auto page = ada_.get(path).body;
    EXPECT_THAT(page, testing::AllOf(HasSubstr("&lt;img src=x"), Not(HasSubstr("<img src=x"))));
    EXPECT_THAT(page, HasSubstr("data-state=\"rejected\""));
  }
}

TEST_F(ConnectionPages, AMissingFieldIsNamedNothingIsSavedAndTheSecretIsNotEchoed) {
  const auto response = save({{"api_key", std::string(kSecret)}, {"region", "eu"}});
  EXPECT_EQ(response.status, 422);
  EXPECT_THAT(response.body,
              testing::AllOf(HasSubstr("Account is needed."), HasSubstr("href=\"#field-account\""),
                             HasSubstr("aria-invalid=\"true\""), HasSubstr("<option value=\"eu\" selected>"),
                             Not(HasSubstr(std::string(kSecret)))));
  EXPECT_EQ(stored(), nullptr);
  EXPECT_TRUE(prober_.probed.empty());
}

TEST_F(ConnectionPages, AValueThatIsNoChoiceOrHoldsAControlCharacterIsRefused) {
  EXPECT_EQ(save({{"api_key", "k"}, {"account", "acme"}, {"region", "mars"}}).status, 422);
  EXPECT_EQ(save({{"api_key", "a\r\nX-Evil: 1"}, {"account", "acme"}}).status, 422);
  EXPECT_EQ(stored(), nullptr);
}

TEST_F(ConnectionPages, AnEmptySecretKeepsTheSavedOne) {
  save_all();
  EXPECT_THAT(ada_.get(kDesk).body, HasSubstr("Leave this empty to keep it."));
  EXPECT_EQ(save({{"api_key", ""}, {"account", "other"}, {"region", "us"}}).status, 303);
  EXPECT_EQ(stored()->fields.at("api_key").reveal(), kSecret);
  EXPECT_EQ(stored()->fields.at("account").reveal(), "other");
}

TEST_F(ConnectionPages, PastedWhiteSpaceAroundAKeyGoes) {
  save({{"api_key", "  " + std::string(kSecret) + "\r\n"}, {"account", "acme"}});
  EXPECT_EQ(stored()->fields.at("api_key").reveal(), kSecret);
}

TEST_F(ConnectionPages, TestingAsksTheVendorAgainAndNotesTheAnswer) {
  save_all();
  prober_.result = {vendor::Verdict::unreachable, "connection refused"};
  EXPECT_EQ(location(ada_.post(kDesk, kDesk + "/test", {})), kDesk + "?done=tested");
  EXPECT_THAT(ada_.get(kDesk).body,
              testing::AllOf(HasSubstr("data-state=\"unreachable\""), HasSubstr("connection refused")));
}

TEST_F(ConnectionPages, TestingWithNothingSavedOnlyShowsTheForm) {
  save_all();
  auto page = ada_.get(kDesk).body;
  ASSERT_TRUE(get(credentials_.remove(user_.id, "desk")));
  EXPECT_EQ(location(ada_.post_raw(kDesk + "/test", {{"_csrf", Browser::token(page, kDesk + "/test")}})), kDesk);
}

TEST_F(ConnectionPages, DeletingAsksFirstThenDeletes) {
  save_all();
  EXPECT_THAT(ada_.get(kDesk).body, HasSubstr(kDesk + "/delete"));
  EXPECT_NE(stored(), nullptr);
  EXPECT_EQ(location(ada_.post(kDesk + "/delete", kDesk + "/delete", {})), "/settings?done=deleted");
  EXPECT_EQ(stored(), nullptr);
}

TEST_F(ConnectionPages, AVendorThatIsDownShowsItsTroubleAndKeepsTheCredential) {
  save_all();
  for (int i = 0; i < 10; ++i) {
    health_.note_failure("desk", {base::Kind::vendor_down, "", "connection <refused>", "", {}});
  }
  EXPECT_THAT(ada_.get("/settings").body,
              testing::AllOf(HasSubstr("data-state=\"down\""), Not(HasSubstr("<refused>"))));
}

TEST_F(ConnectionPages, UnknownAndSwitchedOffVendorsAreNotFound) {
  for (const std::string slug : {"nope", "off", "..%2f", "<script>"}) {
    for (const std::string& page : {"/settings/connections/" + slug, "/settings/connections/" + slug + "/delete"}) {
      const auto response = ada_.get(page);
      EXPECT_EQ(response.status, 404) << page;
      EXPECT_THAT(response.body, Not(HasSubstr("<script>")));
    }
  }
}

TEST_F(ConnectionPages, OnePersonNeverSeesAnothersCredential) {
  save_all();
  add_user("bob");
  Browser bob([this](const http::Request& request) { return send(request); });
  bob.sign_in("bob");
  EXPECT_THAT(bob.get(kDesk).body, testing::AllOf(HasSubstr("data-state=\"needs_key\""), Not(HasSubstr("acme"))));
}

TEST_F(ConnectionPages, AnOpenVendorHasNoForm) {
  EXPECT_THAT(ada_.get("/settings/connections/open").body,
              testing::AllOf(HasSubstr("No key needed"), Not(HasSubstr("Save and test"))));
}

}  // namespace
}  // namespace web_test
