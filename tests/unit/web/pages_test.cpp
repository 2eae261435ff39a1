#include "unit/web/fixture.hpp"

namespace web_test {
namespace {

using http::Method;

struct Known {
  Method method;
  std::string path;
  bool needs_sign_in;
};

const std::vector<Known>& known_paths() {
  static const std::vector<Known> kAll{
      {Method::get, "/", false},
      {Method::get, "/auth/login", false},
      {Method::post, "/auth/login", false},
      {Method::post, "/auth/logout", true},
      {Method::get, "/auth/setup", false},
      {Method::post, "/auth/setup", false},
      {Method::get, "/auth/consent", true},
      {Method::post, "/auth/consent", true},
      {Method::get, "/auth/authorize-error", false},
      {Method::get, "/settings", true},
      {Method::get, "/settings/connections/desk", true},
      {Method::post, "/settings/connections/desk", true},
      {Method::post, "/settings/connections/desk/test", true},
      {Method::get, "/settings/connections/desk/delete", true},
      {Method::post, "/settings/connections/desk/delete", true},
      {Method::get, "/settings/connect", true},
      {Method::get, "/settings/health", true},
      {Method::get, "/settings/sessions", true},
      {Method::post, "/settings/sessions/others", true},
      {Method::post, "/settings/sessions/revoke", true},
      {Method::get, "/status", false},
  };
  return kAll;
}

bool is_known(Method method, const std::string& path) {
  return std::ranges::any_of(known_paths(), [&](const Known& one) { return one.method == method && one.path == path; });
}

void expect_page_headers(const http::Response& response, const std::string& what) {
  const std::string policy(response.headers.get("Content-Security-Policy"));
  EXPECT_THAT(policy, testing::AllOf(HasSubstr("default-src 'none'; style-src 'self'; script-src 'self';"),
                                     HasSubstr("frame-ancestors 'none'; base-uri 'none'"), Not(HasSubstr("unsafe"))))
      << what;
  EXPECT_EQ(response.headers.get("X-Content-Type-Options"), "nosniff") << what;
  EXPECT_EQ(response.headers.get("Referrer-Policy"), "same-origin") << what;
  EXPECT_EQ(response.headers.get("Cache-Control"), "no-store") << what;
  EXPECT_NE(response.headers.get("Permissions-Policy"), "") << what;
}

class Pages : public PagesTest {
 protected:
  Pages() : user_(add_user("ada")) { ada_.sign_in("ada"); }
  http::Response as_ada(http::Request request) {
    std::string cookies;
    for (const auto& [name, value] : ada_.cookies) cookies += (cookies.empty() ? "" : "; ") + name + "=" + value;
    request.headers.add("Cookie", cookies);
    return send(request);
  }
  // The form that saves a credential, in full.
  Form valid_form() {
    return {
        {"_csrf", Browser::token(ada_.get(kPath).body, kPath)}, {"api_key", std::string(kSecret)}, {"account", "a"}};
  }
  bool nothing_saved() { return get(credentials_.list(user_.id)).value().empty(); }

  const std::string kPath = "/settings/connections/desk";
  identity::User user_;
  Browser ada_{[this](const http::Request& request) { return send(request); }};
};

TEST_F(Pages, OwnsItsPrefixesAndNothingElse) {
  for (const auto* path : {"/", "/auth", "/auth/x", "/settings", "/settings/x/y", "/status", "/assets/x"}) {
    EXPECT_TRUE(web::Pages::owns(path)) << path;
  }
  for (const auto* path : {"", "/v1/mcp", "/settingsx", "/authx", "/health", "/api/v1", "/oauth/authorize"}) {
    EXPECT_FALSE(web::Pages::owns(path)) << path;
  }
}

TEST_F(Pages, EveryOtherMethodOnEveryRouteIsRefusedWithAPage) {
  for (const auto& [method, path, sign_in] : known_paths()) {
    for (const auto other : {Method::get, Method::post, Method::put, Method::delete_, Method::patch, Method::options}) {
      if (is_known(other, path)) continue;
      const auto response = as_ada(make_request(other, path));
      EXPECT_EQ(response.status, 405) << path;
      EXPECT_THAT(std::string(response.headers.get("Allow")), HasSubstr(std::string(http::name(method)))) << path;
      expect_page_headers(response, path);
    }
  }
}

TEST_F(Pages, SomebodySignedOutIsLedToSignInAndBackToAPageThatExists) {
  for (const auto& [method, path, sign_in] : known_paths()) {
    if (!sign_in) continue;
    const auto response = send(make_request(method, path));
    ASSERT_EQ(response.status, 303) << path;
    EXPECT_THAT(location(response), testing::StartsWith("/auth/login?return_to=%2F")) << path;
    const auto back = location(response).substr(std::string("/auth/login?return_to=").size());
    EXPECT_TRUE(is_known(Method::get, *base::percent_decode(back, base::PlusIsSpace::no))) << back;
  }
}

TEST_F(Pages, EveryAnswerCarriesThePolicyAndNoInlineScriptOrStyle) {
  for (const auto& [method, path, sign_in] : known_paths()) {
    const auto response = as_ada(make_request(method, path));
    expect_page_headers(response, path);
    EXPECT_THAT(response.body, testing::AllOf(Not(HasSubstr("<style")), Not(HasSubstr(" style=")),
                                              Not(HasSubstr("<script>")), Not(HasSubstr(" onclick"))));
    EXPECT_THAT(response.body, Not(HasSubstr("{{"))) << path;
  }
}

TEST_F(Pages, EveryPostWithoutATokenIsForbidden) {
  for (const auto& [method, path, sign_in] : known_paths()) {
    if (method != Method::post) continue;
    for (const Form& form : {Form{}, Form{{"_csrf", ""}}, Form{{"_csrf", std::string(43, 'A')}}}) {
      EXPECT_EQ(ada_.post_raw(path, form).status, 403) << path;
    }
  }
  EXPECT_TRUE(nothing_saved());
}

TEST_F(Pages, ATokenOfAnotherFormOrAnotherPersonIsForbidden) {
  const auto token_of_test = csrf_.token("", "/settings/connections/*");
  EXPECT_EQ(ada_.post_raw(kPath, {{"_csrf", token_of_test}}).status, 403);
  const auto logout = Browser::token(ada_.get(kPath).body, "/auth/logout");
  ASSERT_NE(logout, "");
  EXPECT_EQ(ada_.post_raw(kPath, {{"_csrf", logout}}).status, 403);

  add_user("bob");
  Browser bob([this](const http::Request& request) { return send(request); });
  bob.sign_in("bob");
  const auto form = valid_form();
  EXPECT_EQ(bob.post_raw(kPath, form).status, 403);
  EXPECT_TRUE(nothing_saved());
}

TEST_F(Pages, APostFromAnotherOriginIsForbiddenEvenWithAToken) {
  for (const auto* origin : {"https://evil.example", "null", "http://localhost:8081", "http://localhost"}) {
    EXPECT_EQ(ada_.post_raw(kPath, valid_form(), origin).status, 403) << origin;
  }
  EXPECT_TRUE(nothing_saved());
  EXPECT_EQ(ada_.post_raw(kPath, valid_form(), "").status, 303);
}

TEST_F(Pages, OnlyAFormOfLimitedSizeIsRead) {
  auto request = make_request(Method::post, kPath);
  request.body = encode(valid_form());
  request.headers.set("Content-Type", "text/plain");
  EXPECT_EQ(as_ada(request).status, 400);

  request.headers.set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8");
  request.body = encode(valid_form()) + "&x=" + std::string(64 << 10, 'x');
  EXPECT_EQ(as_ada(request).status, 413);
  request.body = "_csrf=%zz";
  EXPECT_EQ(as_ada(request).status, 400);
  EXPECT_TRUE(nothing_saved());
}

TEST_F(Pages, AMalformedQueryIsAPage) {
  const auto response = as_ada(make_request(Method::get, "/settings?done=%zz"));
  EXPECT_EQ(response.status, 400);
  expect_page_headers(response, "query");
}

TEST_F(Pages, UnknownPathsArePages) {
  for (const auto* path : {"/auth", "/auth/<script>alert(1)</script>", "/settings/nope", "/settings/connections",
                           "/settings/connections/desk/x", "/assets/style.css", "/assets/layout.mustache"}) {
    const auto response = as_ada(make_request(Method::get, path));
    EXPECT_EQ(response.status, 404) << path;
    expect_page_headers(response, path);
    EXPECT_THAT(response.body, Not(HasSubstr("<script>alert")));
  }
}

TEST_F(Pages, ASlashAtTheEndMeansTheSamePage) {
  EXPECT_EQ(as_ada(make_request(Method::get, "/settings/")).status, 200);
}

TEST_F(Pages, HeadIsAnsweredLikeGet) { EXPECT_EQ(as_ada(make_request(Method::head, "/settings")).status, 200); }

TEST_F(Pages, AForgedSessionCookieIsNobody) {
  auto request = make_request(Method::get, "/settings");
  request.headers.add("Cookie", "mcpgw=forged.value");
  EXPECT_EQ(send(request).status, 303);
}

TEST_F(Pages, AssetsHaveNamesThatChangeWithTheirContentAndLiveLong) {
  const auto page = ada_.get("/settings").body;
  for (const std::string kind : {"style", "page", "icon"}) {
    const auto begin = page.find("/assets/" + kind + "-");
    ASSERT_NE(begin, std::string::npos) << kind;
    const auto path = page.substr(begin, page.find('"', begin) - begin);
    const auto response = send(make_request(Method::get, path));
    EXPECT_EQ(response.status, 200) << path;
    EXPECT_THAT(std::string(response.headers.get("Cache-Control")), HasSubstr("immutable"));
    EXPECT_EQ(response.headers.get("X-Content-Type-Options"), "nosniff");
    EXPECT_GT(response.body.size(), 100U);
  }
  EXPECT_EQ(send(make_request(Method::get, "/assets/style-0000000000000000.css")).status, 404);
}

}  // namespace
}  // namespace web_test
