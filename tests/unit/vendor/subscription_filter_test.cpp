#include "vendor/detail/subscription_filter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mcp/envelope.hpp"
#include "mcp/modern_request.hpp"

namespace {

using testing::ElementsAre;
using vendor::Subscriptions;
using vendor::detail::is_empty;
using vendor::detail::offered;

constexpr const char* kEverything = R"({"capabilities":{"tools":{"listChanged":true},"prompts":{"listChanged":true},)"
                                    R"("resources":{"listChanged":true,"subscribe":true}}})";
const Subscriptions kAll{.uris = {"file:///a", "file:///b"}};
const Subscriptions kNone{.tools = false, .prompts = false, .resources = false};

TEST(SubscriptionFilter, IsWhatIsAskedAndOffered) {
  EXPECT_EQ(offered(kAll, kEverything), kAll);
  EXPECT_EQ(offered(kNone, kEverything), kNone);
  const auto tools = offered(kAll, R"({"capabilities":{"tools":{"listChanged":true},"resources":{}}})");
  EXPECT_EQ(tools, (Subscriptions{.tools = true, .prompts = false, .resources = false}));
  const auto uris = offered(kAll, R"({"capabilities":{"resources":{"subscribe":true}}})");
  EXPECT_EQ(uris, (Subscriptions{.tools = false, .prompts = false, .resources = false, .uris = kAll.uris}));
}

TEST(SubscriptionFilter, WhatIsNotAnnouncedInTheRightFormIsNotOffered) {
  for (const auto* result :
       {"{}", "nonsense", R"({"capabilities":[]})", R"({"capabilities":{"tools":true}})",
        R"({"capabilities":{"tools":{"listChanged":"yes"}}})", R"({"capabilities":{"tools":{"listChanged":false}}})"}) {
    EXPECT_EQ(offered(kAll, result), kNone) << result;
    EXPECT_TRUE(is_empty(offered(kAll, result)));
  }
  EXPECT_FALSE(is_empty(offered(kAll, kEverything)));
}

TEST(SubscriptionFilter, TheRequestNamesOnlyWhatIsWanted) {
  auto text = vendor::detail::listen_request(9, {.tools = true, .prompts = false, .resources = true, .uris = {"a\"b"}});
  EXPECT_THAT(text, testing::HasSubstr(R"("notifications":{"toolsListChanged":true,"resourcesListChanged":true,)"
                                       R"("resourceSubscriptions":["a\"b"]})"));
  text.reserve(text.size() + mcp::kPadding);
  const auto envelope = mcp::scan(text);
  ASSERT_TRUE(envelope);
  EXPECT_EQ(envelope->id, "9");
  EXPECT_TRUE(mcp::check_request_meta(*envelope));
}

TEST(SubscriptionFilter, AfterAGapEachKindMayHaveChanged) {
  EXPECT_THAT(
      vendor::detail::missed_notifications(kAll),
      ElementsAre(R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})",
                  R"({"jsonrpc":"2.0","method":"notifications/prompts/list_changed"})",
                  R"({"jsonrpc":"2.0","method":"notifications/resources/list_changed"})",
                  R"({"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"file:///a"}})",
                  R"({"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"file:///b"}})"));
  EXPECT_TRUE(vendor::detail::missed_notifications(kNone).empty());
  for (const auto& message : vendor::detail::missed_notifications(kAll)) {
    EXPECT_GE(message.capacity(), message.size() + mcp::kPadding);
    EXPECT_TRUE(mcp::scan(message));
  }
}

}  // namespace
