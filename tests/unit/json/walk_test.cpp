#include "json/walk.hpp"

#include <gtest/gtest.h>

namespace {

namespace ondemand = json::ondemand;

// The text of the member "a", by json::raw or by walking over it.
struct Texts {
  std::string_view raw;
  std::string_view walked;
};

Texts member(const simdjson::padded_string& text) {
  Texts texts;
  for (const bool walk : {false, true}) {
    auto document = json::walk(text);
    ondemand::value value;
    EXPECT_FALSE(document.find_field("a").get(value));
    const auto* const begin = json::begin_of(value);
    if (walk) {
      EXPECT_FALSE(json::validate(value, 9));
      EXPECT_FALSE(json::text_from(begin, value, texts.walked));
    } else {
      EXPECT_FALSE(json::raw(value, texts.raw));
    }
  }
  return texts;
}

class RawText : public testing::TestWithParam<std::string> {};

TEST_P(RawText, HasNoWhiteSpaceAroundIt) {
  for (const std::string_view behind : {"}", R"(,"b":1})"}) {
    const simdjson::padded_string text(R"( {"a" : )" + GetParam() + " \n " + std::string(behind));
    const auto texts = member(text);
    EXPECT_EQ(texts.raw, GetParam());
    EXPECT_EQ(texts.walked, GetParam());
  }
}

INSTANTIATE_TEST_SUITE_P(Values, RawText,
                         testing::Values("1", "-2.5e3", "true", "null", R"("x \" y ")", "{}", "[ ]",
                                         R"({ "c":[1,{}] })"));

TEST(Validate, CountsLevels) {
  const simdjson::padded_string text(std::string_view(R"({"a":[{"b":[1]}]})"));
  for (const int levels : {2, 3}) {
    auto document = json::walk(text);
    ondemand::value value;
    ASSERT_FALSE(document.find_field("a").get(value));
    EXPECT_EQ(json::validate(value, levels), levels == 3 ? simdjson::SUCCESS : simdjson::DEPTH_ERROR);
  }
}

TEST(Walk, ReadsSmallTextsAfterALargeOne) {
  const simdjson::padded_string large(R"({"a":")" + std::string(3'000'000, 'x') + "\"}");
  EXPECT_EQ(member(large).raw.size(), 3'000'002U);
  EXPECT_EQ(member(simdjson::padded_string(std::string_view(R"({"a":7})"))).raw, "7");
}

}  // namespace
