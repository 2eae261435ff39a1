#include "mcp/input_request.hpp"

#include <gtest/gtest.h>

#include "fixture.hpp"

namespace {

using mcp::tests::keep;

// 2026-07-28 basic/patterns/mrtr, "InputRequests".
TEST(InputRequests, AreReadInOrder) {
  const auto requests = mcp::read_input_requests(
      keep(R"({"github_login":{"method":"elicitation/create","params":{"mode":"form","message":"Please"}},)"
           R"("capital_of_france":{"method":"sampling/createMessage","params": {"messages":[],"maxTokens":100} },)"
           R"("r\u00f6ots":{"method":"roots/list"}})"));
  ASSERT_TRUE(requests) << requests.error().message;
  ASSERT_EQ(requests->size(), 3U);
  EXPECT_EQ((*requests)[0].key, "github_login");
  EXPECT_EQ((*requests)[0].method, "elicitation/create");
  EXPECT_EQ((*requests)[0].params, R"({"mode":"form","message":"Please"})");
  EXPECT_EQ((*requests)[1].params, R"({"messages":[],"maxTokens":100})");
  EXPECT_EQ((*requests)[2].key, "röots");
  EXPECT_EQ((*requests)[2].method, "roots/list");
  EXPECT_EQ((*requests)[2].params.data(), nullptr);
}

class BadInputRequests : public testing::TestWithParam<std::string_view> {};

TEST_P(BadInputRequests, AreTheVendorsFault) {
  const auto requests = mcp::read_input_requests(keep(GetParam()));
  ASSERT_FALSE(requests) << GetParam();
  EXPECT_EQ(requests.error().kind, base::Kind::vendor_invalid);
}

INSTANTIATE_TEST_SUITE_P(Texts, BadInputRequests,
                         testing::Values("", "[]", R"({"a":7})", R"({"a":{}})", R"({"a":{"method":7}})",
                                         R"({"a":{"method":"m","params":[]}})",
                                         R"({"a":{"method":"m"},"\u0061":{"method":"m"}})",
                                         R"({"a":{"method":"m","method":"n"}})"));

struct Needed {
  std::string_view method;
  std::string_view params;
  std::string_view capability;
};

class RequiredCapability : public testing::TestWithParam<Needed> {};

TEST_P(RequiredCapability, IsThatOfTheRequest) {
  EXPECT_EQ(mcp::required_capability(GetParam().method, GetParam().params), GetParam().capability);
}

INSTANTIATE_TEST_SUITE_P(Requests, RequiredCapability,
                         testing::Values(Needed{"roots/list", "", "roots"},
                                         Needed{"elicitation/create", R"({"message":"m"})", "elicitation"},
                                         Needed{"elicitation/create", R"({"mode":"form"})", "elicitation"},
                                         Needed{"elicitation/create", R"({"mode":"url"})", "elicitation.url"},
                                         Needed{"elicitation/create", R"({"m\u006fde":"\u0075rl"})", "elicitation.url"},
                                         Needed{"sampling/createMessage", R"({"messages":[]})", "sampling"},
                                         Needed{"sampling/createMessage", R"({"tools":[]})", "sampling.tools"},
                                         Needed{"sampling/createMessage", R"({"toolChoice":{}})", "sampling.tools"},
                                         Needed{"ping", "", ""}));

struct Had {
  std::string_view capabilities;
  std::string_view capability;
  bool has;
};

class HasCapability : public testing::TestWithParam<Had> {};

TEST_P(HasCapability, SaysWhatTheClientDeclared) {
  EXPECT_EQ(mcp::has_capability(GetParam().capabilities, GetParam().capability), GetParam().has)
      << GetParam().capabilities << " " << GetParam().capability;
}

INSTANTIATE_TEST_SUITE_P(Capabilities, HasCapability,
                         testing::Values(Had{"", "roots", false}, Had{"[]", "roots", false}, Had{"{}", "roots", false},
                                         Had{R"({"roots":{}})", "roots", true},
                                         Had{R"({"roots":true})", "roots", false},
                                         Had{R"({"elicitation":{}})", "elicitation", true},
                                         Had{R"({"elicitation":{}})", "elicitation.url", false},
                                         Had{R"({"elicitation":{"form":{}}})", "elicitation", true},
                                         Had{R"({"elicitation":{"form":{}}})", "elicitation.url", false},
                                         Had{R"({"elicitation":{"url":{}}})", "elicitation", false},
                                         Had{R"({"elicitation":{"url":{}}})", "elicitation.url", true},
                                         Had{R"({"elicitation":{"form":{},"url":{}}})", "elicitation", true},
                                         Had{R"({"elicitation":{"form":{},"url":{}}})", "elicitation.url", true},
                                         Had{R"({"sampling":{}})", "sampling", true},
                                         Had{R"({"sampling":{}})", "sampling.tools", false},
                                         Had{R"({"sampling":{"tools":{}}})", "sampling.tools", true}));

}  // namespace
