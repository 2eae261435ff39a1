#include "mcp/unified_uri.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture.hpp"

namespace {

using mcp::tests::keep;
using testing::ElementsAre;
using testing::IsEmpty;

struct Pair {
  std::string_view own;
  std::string_view unified;  // of vendor "hudu"
};

class UnifiedUri : public testing::TestWithParam<Pair> {};

TEST_P(UnifiedUri, LeadsBackToTheVendorsOwn) {
  EXPECT_EQ(mcp::unified_uri("hudu", GetParam().own), GetParam().unified);
  const auto split = mcp::split_unified_uri(GetParam().unified);
  ASSERT_TRUE(split);
  EXPECT_EQ(split->vendor, "hudu");
  EXPECT_EQ(split->uri, GetParam().own);
}

INSTANTIATE_TEST_SUITE_P(Uris, UnifiedUri,
                         testing::Values(Pair{"file:///a/{path}", "hudu+file:///a/{path}"},
                                         Pair{"ui://app/main.html", "ui://hudu/app/main.html"},
                                         Pair{"ui://", "ui://hudu/"}, Pair{"ui:///x", "ui://hudu//x"},
                                         Pair{"ui:x", "hudu+ui:x"}, Pair{"UI://x", "hudu+UI://x"}, Pair{"", "hudu+"},
                                         Pair{"git+ssh://h/x", "hudu+git+ssh://h/x"}, Pair{"{+url}", "hudu+{+url}"},
                                         Pair{"no scheme", "hudu+no scheme"}));

TEST(SplitUnifiedUri, OtherUrisHaveNoVendor) {
  for (const std::string_view uri : {"", "file:///a", "+file:///a", "ui://", "ui://hudu", "ui:///x", "http://h/a+b",
                                     "ui://Hudu/x", "hudu+ui://app/x", "a_b+file:///x"}) {
    EXPECT_FALSE(mcp::split_unified_uri(uri)) << uri;
  }
}

// 2026-07-28 server/tools, "Resource Links" and "Embedded Resources".
TEST(UriTokens, OfATool) {
  const auto message = keep(R"({"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"t","uri":"no"},)"
                            R"({"type":"resource_link","uri":"file:///project/src/main.rs","name":"main.rs"},)"
                            R"({"resource":{"uri": "file:///b" ,"text":"\"uri\":\"no\""},"type":"resource"}],)"
                            R"("structuredContent":{"uri":"no"},"_meta":{"uri":"no"}}})");
  EXPECT_THAT(mcp::uri_tokens(message), ElementsAre(R"("file:///project/src/main.rs")", R"("file:///b")"));
  const auto unified = mcp::with_unified_uris(message, "hudu");
  EXPECT_THAT(mcp::uri_tokens(keep(unified)),
              ElementsAre(R"("hudu+file:///project/src/main.rs")", R"("hudu+file:///b")"));
  EXPECT_EQ(unified.size(), message.size() + 10);
}

TEST(UriTokens, OfAPrompt) {
  EXPECT_THAT(
      mcp::uri_tokens(keep(
          R"({"result":{"messages":[{"role":"user","content":{"type":"resource","resource":{"uri":"resource://e"}}},)"
          R"({"role":"user","content":[{"type":"resource_link","uri":"file:///c"}]}]}})")),
      ElementsAre(R"("resource://e")", R"("file:///c")"));
}

TEST(UriTokens, OfAResource) {
  EXPECT_THAT(mcp::uri_tokens(keep(R"({"result":{"contents":[{"uri":"file:\/\/\/a","text":"x"},{"uri":7},{}]}})")),
              ElementsAre(R"("file:\/\/\/a")"));
  EXPECT_EQ(mcp::with_unified_uris(keep(R"({"result":{"contents":[{"uri":"file:\/\/\/a"}]}})"), "v"),
            R"({"result":{"contents":[{"uri":"v+file:///a"}]}})");
}

TEST(UriTokens, OfAFinishedTask) {
  EXPECT_THAT(mcp::uri_tokens(keep(R"({"result":{"taskId":"t","result":{"content":[{"type":"resource_link",)"
                                   R"("uri":"file:///a"}]}}})")),
              ElementsAre(R"("file:///a")"));
}

TEST(UriTokens, OfAnUpdate) {
  EXPECT_THAT(mcp::uri_tokens(
                  keep(R"({"jsonrpc":"2.0","params":{"uri":"file:///a"},"method":"notifications/resources/updated"})")),
              ElementsAre(R"("file:///a")"));
  EXPECT_THAT(mcp::uri_tokens(keep(R"({"jsonrpc":"2.0","params":{"uri":"a"},"method":"notifications/message"})")),
              IsEmpty());
}

TEST(UriTokens, OfOtherTexts) {
  for (const std::string_view text :
       {"", "nope", "[]", "{}", R"({"result":7})", R"({"result":{"content":7,"contents":"x","messages":null}})",
        R"({"result":{"content":[[[]],7,{"type":"resource","resource":"x"}]}})", R"({"error":{"uri":"x"}})"}) {
    EXPECT_THAT(mcp::uri_tokens(keep(text)), IsEmpty()) << text;
    EXPECT_EQ(mcp::with_unified_uris(keep(text), "v"), text);
  }
}

}  // namespace
