#include "identity/bearer_challenge.hpp"

#include <gtest/gtest.h>

namespace {

TEST(BearerChallenge, WithoutATokenNamesNoError) {
  EXPECT_EQ(identity::bearer_challenge("https://gw.example", "/v1/mcp", nullptr),
            R"(Bearer resource_metadata="https://gw.example/.well-known/oauth-protected-resource/v1/mcp")");
}

TEST(BearerChallenge, WithATokenSaysWhyItIsNotGood) {
  const base::Error expired{base::Kind::unauthenticated, "invalid_token", "The \"token\" has\r\nexpired.", {}, {}};
  EXPECT_EQ(identity::bearer_challenge("https://gw.example", "/v1/hudu/mcp", &expired),
            R"(Bearer resource_metadata="https://gw.example/.well-known/oauth-protected-resource/v1/hudu/mcp", )"
            R"(error="invalid_token", error_description="The 'token' has??expired.")");
}

TEST(BearerChallenge, AnIssuersPathIsInserted) {
  EXPECT_EQ(identity::bearer_challenge("https://gw.example/gw", "/v1/mcp", nullptr),
            R"(Bearer resource_metadata="https://gw.example/.well-known/oauth-protected-resource/gw/v1/mcp")");
}

TEST(BearerChallenge, APathCannotBreakOutOfItsQuotes) {
  const auto text = identity::bearer_challenge("https://gw.example", "/v1/\"x\r\n/mcp", nullptr);
  EXPECT_EQ(text, R"(Bearer resource_metadata="https://gw.example/.well-known/oauth-protected-resource/v1/'x??/mcp")");
}

}  // namespace
