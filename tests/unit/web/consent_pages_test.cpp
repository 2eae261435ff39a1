#include "unit/web/fixture.hpp"

namespace web_test {
namespace {

const std::string kConsent = "/auth/consent?client_id=client&state=a%26b";

class ConsentPages : public PagesTest {
 protected:
  ConsentPages() : user_(add_user("ada")) {}
  Browser signed_in() {
    Browser ada([this](const http::Request& request) { return send(request); });
    ada.sign_in("ada");
    return ada;
  }
  http::Response decide(const std::string& decision) {
    return signed_in().post(kConsent, kConsent, {{"decision", decision}});
  }
  void for_web_client(const std::string& redirect_uri, const std::string& host) {
    desk_.request.redirect_uri = redirect_uri;
    desk_.request.redirect_host = host;
    desk_.request.redirect_is_loopback = false;
  }
  static std::string policy(const http::Response& response) {
    return std::string(response.headers.get("Content-Security-Policy"));
  }
  identity::User user_;
};

TEST_F(ConsentPages, SomebodySignedOutSignsInFirstAndComesBack) {
  Browser stranger([this](const http::Request& request) { return send(request); });
  const auto response = stranger.get(kConsent);
  EXPECT_EQ(location(response), "/auth/login?return_to=" + base::percent_encode(kConsent));
  EXPECT_THAT(stranger.get(location(response)).body, HasSubstr("An application asks for access."));
}

TEST_F(ConsentPages, ThePageNamesWhoAsksForWhatAndWhereItLeads) {
  const auto page = signed_in().get(kConsent);
  EXPECT_THAT(page.body, testing::AllOf(HasSubstr("MCP CLI Proxy"), HasSubstr("id=\"redirect-host\">localhost:3335<"),
                                        HasSubstr("every vendor"), HasSubstr("http://localhost:8080/v1/mcp"),
                                        HasSubstr("signed in as ada")));
  EXPECT_EQ(desk_.queries.back(), "client_id=client&state=a%26b");
  EXPECT_THAT(policy(page), HasSubstr("form-action 'self' http://localhost:3335;"));
}

TEST_F(ConsentPages, AHostileClientNameIsEscapedAndCut) {
  desk_.request.client_name = "</h1><script>alert(1)</script>" + std::string(500, 'x');
  const auto page = signed_in().get(kConsent).body;
  EXPECT_THAT(page, testing::AllOf(HasSubstr("&lt;/h1&gt;&lt;script&gt;"), Not(HasSubstr("<script>alert")),
                                   Not(HasSubstr(std::string(200, 'x')))));
}

TEST_F(ConsentPages, APolicyCannotBeExtendedByARedirectAddress) {
  for (const std::string evil : {"https://a.example; script-src *", "https://a b/", "x y:z", "nonsense",
                                 "https://user@evil.example/", "https://a.example,b"}) {
    for_web_client(evil, "evil");
    EXPECT_THAT(policy(signed_in().get(kConsent)), HasSubstr("form-action 'self'; frame-ancestors")) << evil;
  }
}

TEST_F(ConsentPages, AWebClientIsRedirectedToAndItsOriginAllowedForTheForm) {
  for_web_client("https://App.example:8443/cb?x=1", "app.example:8443");
  EXPECT_THAT(policy(signed_in().get(kConsent)), HasSubstr("form-action 'self' https://app.example:8443;"));
  const auto response = decide("approve");
  EXPECT_EQ(response.status, 303);
  EXPECT_EQ(location(response), "https://App.example:8443/cb?x=1?code=c0de&state=s&iss=i");
  EXPECT_EQ(desk_.decisions.back(),
            std::tuple(std::string("client_id=client&state=a%26b"), user_.id, identity::Decision::approve));
}

TEST_F(ConsentPages, APrivateSchemeIsAllowedAsAScheme) {
  for_web_client("cursor://anysphere.cursor-retrieval/oauth", "cursor");
  EXPECT_THAT(policy(signed_in().get(kConsent)), HasSubstr("form-action 'self' cursor:;"));
  EXPECT_EQ(decide("deny").status, 303);
  EXPECT_EQ(std::get<2>(desk_.decisions.back()), identity::Decision::deny);
}

TEST_F(ConsentPages, AClientOnThisMachineGetsAHandOverPage) {
  const auto response = decide("approve");
  EXPECT_EQ(response.status, 200);
  const std::string callback = "http://localhost:3335/oauth/callback?code=c0de&amp;state=s&amp;iss=i";
  EXPECT_THAT(response.body,
              testing::AllOf(HasSubstr("id=\"continue\" href=\"" + callback + "\""),
                             HasSubstr("data-origin=\"http://localhost:3335\""),
                             HasSubstr("<noscript><meta http-equiv=\"refresh\" content=\"1;url=" + callback),
                             HasSubstr("Returning to MCP CLI Proxy"), HasSubstr("has stopped waiting")));
  EXPECT_THAT(policy(response), HasSubstr("connect-src 'self' http://localhost:3335;"));
}

TEST_F(ConsentPages, ADenialIsHandedOverToo) {
  const auto response = decide("deny");
  EXPECT_THAT(response.body, testing::AllOf(HasSubstr("error=access_denied"), HasSubstr("You declined")));
}

TEST_F(ConsentPages, AnIpv6AddressIsAllowedByItsScheme) {
  desk_.request.redirect_uri = "http://[::1]:3335/cb";
  EXPECT_THAT(policy(decide("approve")), HasSubstr("connect-src 'self' http:;"));
}

TEST_F(ConsentPages, NothingIsDecidedWithoutATokenOrADecision) {
  auto ada = signed_in();
  EXPECT_EQ(ada.post_raw(kConsent, {{"decision", "approve"}}).status, 403);
  EXPECT_EQ(ada.post(kConsent, kConsent, {}).status, 400);
  EXPECT_EQ(ada.post(kConsent, kConsent, {{"decision", "approve"}, {"decision", "deny"}}).status, 400);
  EXPECT_TRUE(desk_.decisions.empty());
}

TEST_F(ConsentPages, ABadRequestIsAPageAndNeverARedirect) {
  desk_.failure = base::fail(base::Kind::invalid, "invalid_request", "Unknown <client>.").error();
  const auto response = signed_in().get(kConsent);
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(location(response), "");
  EXPECT_THAT(response.body, testing::AllOf(HasSubstr("Unknown &lt;client&gt;."), Not(HasSubstr("<client>"))));
}

TEST_F(ConsentPages, TheErrorPageSaysWhatToDoAndEscapes) {
  Browser stranger([this](const http::Request& request) { return send(request); });
  const auto response = stranger.get("/auth/authorize-error?code=invalid_client&description=%3Cb%3Eno%3C/b%3E");
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, testing::AllOf(HasSubstr("does not know the application"), HasSubstr("&lt;b&gt;no"),
                                            HasSubstr("invalid_client"), Not(HasSubstr("<b>no"))));
}

}  // namespace
}  // namespace web_test
