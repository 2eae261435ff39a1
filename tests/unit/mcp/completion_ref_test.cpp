#include "mcp/completion_ref.hpp"

#include <gtest/gtest.h>

#include "fixture.hpp"

namespace {

using mcp::tests::keep;

// 2025-11-25 server/utilities/completion, "Reference Types".
TEST(CompletionRef, NamesAPromptOrAResource) {
  const auto prompt = mcp::read_completion_ref(
      keep(R"({"argument":{"name":"language","value":"py"},"ref":{"type":"ref/prompt","name": "code_review" }})"));
  ASSERT_TRUE(prompt) << prompt.error().message;
  EXPECT_EQ(prompt->type, "ref/prompt");
  EXPECT_EQ(prompt->token, R"("code_review")");
  EXPECT_EQ(prompt->text, "code_review");

  const auto resource = mcp::read_completion_ref(keep(R"({"ref":{"uri":"file:\/\/\/{path}","type":"ref/resource"}})"));
  ASSERT_TRUE(resource) << resource.error().message;
  EXPECT_EQ(resource->type, "ref/resource");
  EXPECT_EQ(resource->token, R"("file:\/\/\/{path}")");
  EXPECT_EQ(resource->text, "file:///{path}");
}

TEST(CompletionRef, IsTheOneThatItsTypeMeans) {
  EXPECT_EQ(mcp::read_completion_ref(keep(R"({"ref":{"uri":"u","type":"ref/prompt","name":"n"}})"))->text, "n");
  EXPECT_EQ(mcp::read_completion_ref(keep(R"({"ref":{"uri":"u","type":"ref/resource","name":"n"}})"))->text, "u");
}

class BadRef : public testing::TestWithParam<std::string_view> {};

TEST_P(BadRef, IsRefused) {
  const auto ref = mcp::read_completion_ref(keep(GetParam()));
  ASSERT_FALSE(ref) << GetParam();
  EXPECT_EQ(ref.error().code, "invalid_params");
}

INSTANTIATE_TEST_SUITE_P(Params, BadRef,
                         testing::Values("", "[]", "{}", R"({"ref":7})", R"({"ref":{}})",
                                         R"({"ref":{"type":"ref/tool","name":"n"}})",
                                         R"({"ref":{"type":"ref/prompt","uri":"u"}})",
                                         R"({"ref":{"type":"ref/resource","name":"n"}})",
                                         R"({"ref":{"type":"ref/prompt","name":7}})",
                                         R"({"ref":{"type":"ref/prompt","name":"a","n\u0061me":"b"}})"));

}  // namespace
