#include "mcp/subscriptions.hpp"

#include <gtest/gtest.h>

#include "fixture.hpp"

namespace {

using mcp::tests::changed;

struct BadFilter {
  std::string name;
  std::string params;
  std::string words;  // of the error
};

class BadSubscription : public testing::TestWithParam<BadFilter> {};

TEST_P(BadSubscription, IsRefusedWithItsReason) {
  const auto filter = mcp::read_subscription_filter(GetParam().params, 2);
  ASSERT_FALSE(filter);
  EXPECT_EQ(filter.error().kind, base::Kind::invalid);
  EXPECT_NE(filter.error().message.find(GetParam().words), std::string::npos) << filter.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadSubscription,
    testing::Values(
        BadFilter{"Absent", "{}", "params.notifications"}, BadFilter{"NoObject", R"({"notifications":true})", "object"},
        BadFilter{"FlagOfAnotherType", R"({"notifications":{"promptsListChanged":1}})", "promptsListChanged"},
        BadFilter{"NullFlag", R"({"notifications":{"toolsListChanged":null}})", "toolsListChanged"},
        BadFilter{"UrisNoArray", R"({"notifications":{"resourceSubscriptions":"a:b"}})", "array of URIs"},
        BadFilter{"UriNoText", R"({"notifications":{"resourceSubscriptions":["a:b",7]}})", "array of URIs"},
        BadFilter{"TooManyUris", R"({"notifications":{"resourceSubscriptions":["a:1","a:2","a:3"]}})", "at most 2"}),
    [](const auto& info) { return info.param.name; });

TEST(SubscriptionFilter, WithoutParamsIsRefused) { EXPECT_FALSE(mcp::read_subscription_filter({}, 2)); }

TEST(SubscriptionFilter, OnlyWhatIsAskedForIsTrue) {
  const auto filter = mcp::read_subscription_filter(
      R"({"notifications":{"toolsListChanged":true,"promptsListChanged":false,"taskIds":["t"]}})", 2);
  ASSERT_TRUE(filter);
  EXPECT_TRUE(filter->tools);
  EXPECT_FALSE(filter->prompts);
  EXPECT_FALSE(filter->resources);
  EXPECT_TRUE(filter->uris.empty());
}

TEST(SubscriptionFilter, AResourceNamedTwiceCountsOnce) {
  const auto filter =
      mcp::read_subscription_filter(R"({"notifications":{"resourceSubscriptions":["b:x","a:x","b:x"]}})", 2);
  ASSERT_TRUE(filter);
  EXPECT_EQ(filter->uris, (std::vector<std::string>{"a:x", "b:x"}));
}

TEST(Acknowledgement, IsTheSpecificationsExample) {
  EXPECT_EQ(
      mcp::subscription_acknowledged("1", {.tools = true, .uris = {"file:///project/config.json"}}),
      R"({"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":1},"notifications":{"toolsListChanged":true,"resourceSubscriptions":["file:///project/config.json"]}}})");
}

TEST(Acknowledgement, NothingAgreedIsAnEmptyFilterAndAnIdMayBeText) {
  EXPECT_EQ(
      mcp::subscription_acknowledged(R"("listen:0")", {}),
      R"({"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":"listen:0"},"notifications":{}}})");
}

struct Marked {
  std::string name;
  std::string text;
  std::string with;
  std::string without;
};

class SubscriptionMark : public testing::TestWithParam<Marked> {};

TEST_P(SubscriptionMark, IsPutOn) {
  EXPECT_EQ(changed(GetParam().text, [](auto kept, const auto& e) { return mcp::with_subscription_id(kept, e, "7"); }),
            GetParam().with);
}

TEST_P(SubscriptionMark, IsTakenOff) {
  EXPECT_EQ(changed(GetParam().text, [](auto kept, const auto& e) { return mcp::without_subscription_id(kept, e); }),
            GetParam().without);
}

INSTANTIATE_TEST_SUITE_P(
    Table, SubscriptionMark,
    testing::Values(
        Marked{
            "NoParams", R"({"jsonrpc":"2.0","method":"notifications/x"})",
            R"({"params":{"_meta":{"io.modelcontextprotocol/subscriptionId":7}},"jsonrpc":"2.0","method":"notifications/x"})",
            R"({"jsonrpc":"2.0","method":"notifications/x"})"},
        Marked{
            "NoMeta", R"({"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"a:b"}})",
            R"({"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":7},"uri":"a:b"}})",
            R"({"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"a:b"}})"},
        Marked{
            "EmptyParams", R"({"jsonrpc":"2.0","method":"notifications/x","params":{}})",
            R"({"jsonrpc":"2.0","method":"notifications/x","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":7}}})",
            R"({"jsonrpc":"2.0","method":"notifications/x","params":{}})"},
        Marked{
            "AVendorsMark",
            R"({"jsonrpc":"2.0","method":"notifications/x","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":"v","acme/k":1}}})",
            R"({"jsonrpc":"2.0","method":"notifications/x","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":7,"acme/k":1}}})",
            R"({"jsonrpc":"2.0","method":"notifications/x","params":{"_meta":{"acme/k":1}}})"}),
    [](const auto& info) { return info.param.name; });

TEST(SubscriptionEnd, IsAResultOfTheRequest) {
  EXPECT_EQ(
      mcp::subscription_ended("1", R"({"name":"g"})"),
      R"({"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","_meta":{"io.modelcontextprotocol/subscriptionId":1,"io.modelcontextprotocol/serverInfo":{"name":"g"}}}})");
}

}  // namespace
