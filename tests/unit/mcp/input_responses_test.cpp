#include "mcp/input_responses.hpp"

#include <gtest/gtest.h>

#include "fixture.hpp"

namespace {

using mcp::tests::keep;

// 2026-07-28 basic/patterns/mrtr, "InputResponses".
TEST(InputResponses, AreReadInOrder) {
  const auto responses =
      mcp::read_input_responses(keep(R"({"github_login":{"action":"accept","content":{"name":"octocat"}} ,)"
                                     R"("capital_of_fr\u0061nce": {"role":"assistant"} })"));
  ASSERT_TRUE(responses) << responses.error().message;
  ASSERT_EQ(responses->size(), 2U);
  EXPECT_EQ((*responses)[0].key, "github_login");
  EXPECT_EQ((*responses)[0].result, R"({"action":"accept","content":{"name":"octocat"}})");
  EXPECT_EQ((*responses)[1].key, "capital_of_france");
  EXPECT_EQ((*responses)[1].result, R"({"role":"assistant"})");
  EXPECT_TRUE(mcp::read_input_responses(keep("{}"))->empty());
}

class BadInputResponses : public testing::TestWithParam<std::string_view> {};

TEST_P(BadInputResponses, AreRefused) {
  const auto responses = mcp::read_input_responses(keep(GetParam()));
  ASSERT_FALSE(responses) << GetParam();
  EXPECT_EQ(responses.error().kind, base::Kind::invalid);
  EXPECT_EQ(responses.error().code, "invalid_params");
}

INSTANTIATE_TEST_SUITE_P(Texts, BadInputResponses,
                         testing::Values("", "[]", "7", R"({"a":7})", R"({"a":[]})", R"({"a":{},"\u0061":{}})",
                                         R"({"a":{)"));

TEST(InputResponses, VeryManyAreReadInReasonableTime) {
  std::string many = "{";
  for (int i = 0; i < 100'000; ++i) many += "\"k" + std::to_string(i) + "\":{},";
  EXPECT_EQ(mcp::read_input_responses(keep(many + "\"k\":{}}"))->size(), 100'001U);
}

}  // namespace
