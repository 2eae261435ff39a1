#include "json/document.hpp"

#include <gtest/gtest.h>

namespace {

TEST(Document, TrailingTextIsRefusedWithItsOffset) {
  const auto value = json::parse("{} x");
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().kind, base::Kind::invalid);
}

TEST(Document, DepthIsLimited) { EXPECT_FALSE(json::parse(std::string(65, '[') + std::string(65, ']'))); }

TEST(Document, ObjectIsRequired) { EXPECT_EQ(json::parse_object("[]").error().code, "json.type"); }

TEST(Document, TextOfAnotherTypeIsEmpty) {
  const auto object = json::parse_object(R"({"a":1,"b":"x"})");
  EXPECT_EQ(json::text_at(*object, "a"), "");
  EXPECT_EQ(json::text_at(*object, "b"), "x");
}

TEST(Document, QuotedTextReadsBackAsItWas) {
  std::string text = "Hello, 世界 \"\\/";
  for (char c = 0; c < 0x20; ++c) text += c;
  text += '\x7f';
  EXPECT_EQ(json::parse(json::quote(text))->get_string(), std::string_view(text));
  EXPECT_EQ(json::quote("a\"b\\c\nd"), R"("a\"b\\c\nd")");
  EXPECT_EQ(json::quote(std::string_view("\0\x1f", 2)), R"("\u0000\u001f")");
}

}  // namespace
