#include "oauth/render_error.hpp"

#include <gtest/gtest.h>

namespace {

http::Response render(base::Error error) { return oauth::render_error(error, {}); }

TEST(RenderError, UsesOauthsOwnWordsAndNoOthers) {
  EXPECT_EQ(render({base::Kind::invalid, "invalid_grant", "Sign in again.", {}, {}}).body,
            R"({"error":"invalid_grant","error_description":"Sign in again."})");
  EXPECT_EQ(render({base::Kind::invalid, "vault.sealed", "", {}, {}}).body, R"({"error":"invalid_request"})");
}

TEST(RenderError, TroubleInsideIsNeverServerErrorAndSaysWhenToRetry) {
  for (const auto kind : {base::Kind::unavailable, base::Kind::bug}) {
    const auto response = render({kind, "server_error", "x", "secret detail", {}});
    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(response.body, R"({"error":"temporarily_unavailable","error_description":"x"})");
    EXPECT_EQ(response.headers.get("Retry-After"), "2");
    EXPECT_EQ(response.headers.get("Cache-Control"), "no-store");
  }
}

TEST(RenderError, DescriptionsKeepToTheCharactersOfTheRfc) {
  EXPECT_EQ(render({base::Kind::invalid, "invalid_request", "a\"b\\c\nd\xC3\xA9", {}, {}}).body,
            R"({"error":"invalid_request","error_description":"a'b?c?d??"})");
}

}  // namespace
