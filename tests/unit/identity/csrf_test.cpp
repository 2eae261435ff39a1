#include "identity/csrf.hpp"

#include <gtest/gtest.h>

#include "fake/fake_random.hpp"

namespace {

using base::SecretString;
using identity::Csrf;

Csrf csrf(std::string_view key = "key") { return Csrf(SecretString(key)); }

TEST(Csrf, TokenIsGoodForItsSessionAndPurposeOnly) {
  const auto token = csrf().token("session", "save");
  EXPECT_EQ(token.size(), 43U);
  EXPECT_TRUE(csrf().check(token, "session", "save"));
  EXPECT_FALSE(csrf().check(token, "other", "save"));
  EXPECT_FALSE(csrf().check(token, "session", "delete"));
  EXPECT_FALSE(csrf("other").check(token, "session", "save"));
}

TEST(Csrf, PurposeAndSessionDoNotRunIntoEachOther) { EXPECT_NE(csrf().token("c", "a:b"), csrf().token("b:c", "a")); }

TEST(Csrf, MissingOrForgedTokensAreForbidden) {
  const auto token = csrf().token("session", "save");
  for (const auto& forged : {std::string(), std::string("x"), token.substr(1), token + "A", std::string(43, 'A')}) {
    const auto checked = csrf().check(forged, "session", "save");
    ASSERT_FALSE(checked) << forged;
    EXPECT_EQ(checked.error().kind, base::Kind::forbidden);
  }
}

TEST(Csrf, NothingIsBoundToNoSession) { EXPECT_FALSE(csrf().check(csrf().token("", "save"), "", "save")); }

TEST(Csrf, PreSessionIsItsOwn) {
  fake::FakeRandom random;
  const auto value = csrf().make_pre_session(random);
  EXPECT_TRUE(csrf().is_pre_session(value.reveal()));
  EXPECT_FALSE(csrf("other").is_pre_session(value.reveal()));
  EXPECT_FALSE(csrf().is_pre_session(""));
  const auto session = identity::SignedValue(SecretString(std::string_view("key")), "session").make(random);
  EXPECT_FALSE(csrf().is_pre_session(session.reveal())) << "a session's cookie under the same key";
}

TEST(OriginOf, LeavesOutPathAndTheSchemesOwnPort) {
  EXPECT_EQ(identity::origin_of("https://GW.example.com/base/"), "https://gw.example.com");
  EXPECT_EQ(identity::origin_of("https://gw.example.com:8443"), "https://gw.example.com:8443");
  EXPECT_EQ(identity::origin_of("https://gw.example.com:443/"), "https://gw.example.com");
  EXPECT_EQ(identity::origin_of("http://127.0.0.1:8080?x"), "http://127.0.0.1:8080");
  EXPECT_EQ(identity::origin_of("http://[::1]:80/"), "http://[::1]");
  EXPECT_EQ(identity::origin_of("http://h:8080"), "http://h:8080");
  EXPECT_EQ(identity::origin_of("nonsense"), "");
}

TEST(CheckOrigin, FollowsTheTable) {
  struct Case {
    std::string_view origin;
    std::string_view site;
    bool passes;
  };
  constexpr std::string_view kPublic = "https://gw.example.com";
  const std::vector<Case> cases = {
      {kPublic, "same-origin", true},
      {kPublic, "", true},  // a browser on plain http sends no Sec-Fetch-Site
      {"", "same-origin", true},
      {"", "", true},
      {"null", "same-origin", true},  // Referrer-Policy: no-referrer
      {"null", "", false},
      {"null", "cross-site", false},
      {"https://evil.example", "", false},
      {"https://evil.example", "same-origin", false},  // DNS rebinding
      {"https://gw.example.com.evil.example", "", false},
      {"http://gw.example.com", "", false},
      {"https://gw.example.com:8443", "", false},
      {kPublic, "same-site", false},
      {kPublic, "cross-site", false},
      {kPublic, "none", false},
      {"", "same-site", false},
  };
  for (const auto& [origin, site, passes] : cases) {
    http::Headers headers;
    if (!origin.empty()) headers.add("Origin", origin);
    if (!site.empty()) headers.add("Sec-Fetch-Site", site);
    const auto checked = identity::check_origin(headers, kPublic);
    EXPECT_EQ(checked.has_value(), passes) << "origin " << origin << ", site " << site;
    if (!checked) EXPECT_EQ(checked.error().kind, base::Kind::forbidden);
  }
}

}  // namespace
