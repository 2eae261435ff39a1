#include "oauth/redirect_uri.hpp"

#include <gtest/gtest.h>

namespace {

TEST(RedirectUri, AcceptsHttpsLoopbackAndPrivateUseSchemes) {
  for (const auto* uri :
       {"https://app.example/callback", "https://app.example:8443/cb?tenant=1", "http://localhost:3335/oauth/callback",
        "http://localhost/", "http://127.0.0.1:1/callback", "http://[::1]:65535/callback", "http://127.0.0.1",
        "cursor://anysphere.cursor-retrieval/oauth/callback", "com.example.app:/oauth2redirect", "vscode://x/y"}) {
    EXPECT_TRUE(oauth::check_redirect_uri(uri)) << uri;
  }
}

TEST(RedirectUri, RefusesWhatCouldLeadElsewhere) {
  for (const auto* uri : {"",
                          "/relative",
                          "app.example/callback",
                          "http://app.example/callback",
                          "http://localhost.evil.example/",
                          "http://localhost:1@evil.example/",
                          "http://user@localhost/",
                          "https://user:pw@app.example/",
                          "https:///path",
                          "https://app.example/#fragment",
                          "https://app.example/cb#",
                          "javascript:alert(1)",
                          "data:text/html,x",
                          "JavaScript:alert(1)",
                          "vbscript:x",
                          "file:///etc/passwd",
                          "blob:https://x/y",
                          "http://127.0.0.1.evil.example/",
                          "http://127.1/",
                          "http://0x7f.0.0.1/",
                          "https://app.example/\r\nX: y",
                          "https://app.example/a b",
                          "https://app.example/\"><script>",
                          "http://localhost:0/",
                          "http://localhost:99999/",
                          "http://localhost:/cb",
                          "https://app.example/cb?code=1",
                          "https://app.example/cb?x=1&state=2",
                          "https://app.example/cb?iss=a"}) {
    const auto checked = oauth::check_redirect_uri(uri);
    ASSERT_FALSE(checked) << uri;
    EXPECT_EQ(checked.error().code, "invalid_redirect_uri");
  }
  EXPECT_FALSE(oauth::check_redirect_uri("https://app.example/" + std::string(3000, 'a')));
}

TEST(RedirectUri, MatchesExactlyExceptForTheLoopbackPort) {
  EXPECT_TRUE(oauth::matches_redirect_uri("https://a.example/cb", "https://a.example/cb"));
  EXPECT_TRUE(oauth::matches_redirect_uri("http://localhost:3335/cb", "http://localhost:9999/cb"));
  EXPECT_TRUE(oauth::matches_redirect_uri("http://localhost/cb", "http://localhost:9999/cb"));
  EXPECT_TRUE(oauth::matches_redirect_uri("http://127.0.0.1:1/cb?x=1", "http://127.0.0.1/cb?x=1"));
  EXPECT_TRUE(oauth::matches_redirect_uri("http://[::1]:1/cb", "http://[::1]:2/cb"));
}

TEST(RedirectUri, DoesNotMatchByOneCharacterOrByPortElsewhere) {
  const std::string registered = "https://a.example/cb";
  for (const auto* uri :
       {"https://a.example/cb/", "https://a.example/c", "https://a.example/cB", "https://A.example/cb",
        "https://a.example:443/cb", "https://a.example:8443/cb", "https://a.example/cb?x", "https://a.example/../cb",
        "http://a.example/cb", "https://a.example.evil/cb"}) {
    EXPECT_FALSE(oauth::matches_redirect_uri(registered, uri)) << uri;
  }
  const std::string loopback = "http://localhost:3335/cb";
  for (const auto* uri :
       {"http://localhost:3335/cb2", "http://127.0.0.1:3335/cb", "http://localhost:3335@evil.example/cb",
        "http://localhost:1:2/cb", "http://localhost:/cb", "http://localhost:00/cb", "http://localhost:70000/cb",
        "http://localhost.evil.example/cb", "http://localhost\\@evil.example/cb", "https://localhost:3335/cb",
        "http://LOCALHOST:3335/cb", "http://localhost:+1/cb", "http://localhost#/cb", "http://localhost:3335/cb#x"}) {
    EXPECT_FALSE(oauth::matches_redirect_uri(loopback, uri)) << uri;
  }
}

TEST(RedirectUri, NamesTheHostThatAPersonIsShown) {
  EXPECT_EQ(oauth::redirect_target("http://localhost:3335/cb").host, "localhost:3335");
  EXPECT_TRUE(oauth::redirect_target("http://localhost:3335/cb").is_loopback);
  EXPECT_EQ(oauth::redirect_target("https://app.example/cb").host, "app.example");
  EXPECT_FALSE(oauth::redirect_target("https://app.example/cb").is_loopback);
  EXPECT_EQ(oauth::redirect_target("cursor://any.sphere/cb").host, "cursor://any.sphere");
}

TEST(RedirectUri, ParametersAreAddedToAnExistingQueryAndEncoded) {
  EXPECT_EQ(oauth::with_parameters("https://a.example/cb", {{"code", "x&y"}, {"state", ""}}),
            "https://a.example/cb?code=x%26y");
  EXPECT_EQ(oauth::with_parameters("https://a.example/cb?t=1", {{"code", "x"}, {"iss", "https://g"}}),
            "https://a.example/cb?t=1&code=x&iss=https%3A%2F%2Fg");
}

}  // namespace
