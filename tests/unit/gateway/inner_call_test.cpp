#include "gateway/inner_call.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mcp/envelope.hpp"

namespace {

using testing::HasSubstr;

base::Result<gateway::InnerCall> read(std::string& text) {
  text.reserve(text.size() + mcp::kPadding);
  return gateway::read_inner_call(text);
}

std::string refusal(std::string text) {
  const auto call = read(text);
  return call ? "accepted" : call.error().message;
}

TEST(InnerCall, KeepsTheBytesOfTheArguments) {
  std::string text = R"({ "arguments" : {"x": 1.0, "y":"\u00e9" } , "name":"hudu__\u0061" })";
  const auto call = read(text);
  ASSERT_TRUE(call);
  EXPECT_EQ(call->name, "hudu__a");
  EXPECT_EQ(call->name_token, R"("hudu__\u0061")");
  EXPECT_EQ(call->arguments, R"({"x": 1.0, "y":"\u00e9" })");
}

TEST(InnerCall, NeedsNoArguments) {
  std::string text = R"({"name":"hudu__a"})";
  const auto call = read(text);
  ASSERT_TRUE(call);
  EXPECT_EQ(call->arguments, "{}");
}

TEST(InnerCall, RefusalsSayWhatToChange) {
  EXPECT_THAT(refusal("{}"), HasSubstr("\"name\" is missing"));
  EXPECT_THAT(refusal(""), HasSubstr("missing"));
  EXPECT_THAT(refusal("[]"), HasSubstr("missing"));
  EXPECT_THAT(refusal(R"({"name":1})"), HasSubstr("not the name of a tool"));
  EXPECT_THAT(refusal(R"({"name":""})"), HasSubstr("not the name of a tool"));
  EXPECT_THAT(refusal(R"({"name":"a__b","arguments":"{}"})"), HasSubstr("not an object"));
  EXPECT_THAT(refusal(R"({"name":"a__b","query":"x"})"), HasSubstr(R"("query" belongs into "arguments")"));
}

// Two readers could take different ones for the right one.
TEST(InnerCall, RepeatedKeysAreRefused) {
  EXPECT_THAT(refusal(R"({"name":"a__b","name":"c__d"})"), HasSubstr("twice"));
  EXPECT_THAT(refusal(R"({"name":"a__b","n\u0061me":"c__d"})"), HasSubstr("twice"));
  EXPECT_THAT(refusal(R"({"name":"a__b","arguments":{},"arguments":{}})"), HasSubstr("twice"));
}

TEST(InnerCall, GatewaysOwnToolsAreNotCalledThroughIt) {
  EXPECT_THAT(refusal(R"({"name":"gateway__call_tool","arguments":{"name":"a__b"}})"), HasSubstr("by itself"));
}

}  // namespace
