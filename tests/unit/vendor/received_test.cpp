#include "vendor/detail/received.hpp"

#include <gmock/gmock.h>

namespace {

using testing::HasSubstr;
using vendor::detail::read_received;

std::string refusal(std::string text) {
  const auto read = read_received("acme", std::move(text));
  return read ? "accepted" : std::string(name(read.error().kind)) + ": " + read.error().message;
}

TEST(Received, AMessageKeepsItsBytesAndHasPadding) {
  const std::string text = R"({"jsonrpc":"2.0","id":7,"result":{"a":[1.50, "x"]}})";
  const auto read = read_received("acme", text);
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), 1U);
  EXPECT_EQ(read->front().text, text);
  EXPECT_GE(read->front().text.capacity(), text.size() + 64);
  EXPECT_EQ(read->front().id, "7");
  EXPECT_EQ(read->front().shape, mcp::Shape::response);
}

TEST(Received, ABatchGivesItsResponsesLast) {
  const auto read = read_received("acme", R"([{"jsonrpc":"2.0","id":1,"result":{}},{"jsonrpc":"2.0","method":"n/a"}])");
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), 2U);
  EXPECT_EQ(read->front().method, "n/a");
  EXPECT_EQ(read->back().id, "1");
}

TEST(Received, WhatIsNoMessageIsRefusedWithTheVendorsName) {
  for (const auto* text :
       {"", "hello", "{", "[]", "[1]", "{}", R"({"jsonrpc":"1.0","id":1,"result":{}})",
        R"({"jsonrpc":"2.0","id":1,"result":{"a":tru}})", R"({"jsonrpc":"2.0","id":1,"result":{}} x)",
        R"({"jsonrpc":"2.0","id":1,"result":{"a":"\x"}})", R"({"jsonrpc":"2.0","id":1,"result":nope})"}) {
    EXPECT_THAT(refusal(text), testing::StartsWith("vendor_invalid: vendor acme sent something")) << text;
  }
}

TEST(Shortened, CutsBetweenCharactersAndRemovesLineEnds) {
  EXPECT_EQ(vendor::detail::shortened("a\nb\tc", 100), "a b c");
  EXPECT_EQ(vendor::detail::shortened("aä", 2), "a");
  EXPECT_EQ(vendor::detail::shortened("aä", 3), "aä");
}

TEST(SoundsRejected, HearsWhatVendorsSay) {
  EXPECT_TRUE(vendor::detail::sounds_rejected("HTTP 401 Unauthorized"));
  EXPECT_TRUE(vendor::detail::sounds_rejected("Invalid API key provided"));
  EXPECT_FALSE(vendor::detail::sounds_rejected("Tool not found: x"));
  EXPECT_FALSE(vendor::detail::sounds_rejected(""));
}

}  // namespace
