#include "mcp/list_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture.hpp"

namespace {

using mcp::ListKind;
using testing::ElementsAre;

base::Result<mcp::ListPage> read(ListKind kind, std::string_view result) {
  return mcp::read_list_page(kind,
                             mcp::tests::keep(R"({"jsonrpc":"2.0","id":1,"result":)" + std::string(result) + "}"));
}

TEST(ListPage, DefinitionsKeepTheirBytes) {
  const auto page = read(ListKind::tools, R"({"tools":[ {"name":"a" , "inputSchema":{"type":"object"}} ,)"
                                          R"({"description":"x","name":"b\u002fc"}],"nextCursor":"n\"1"})");
  ASSERT_TRUE(page) << page.error().message;
  ASSERT_EQ(page->items.size(), 2U);
  EXPECT_EQ(page->items[0].definition, R"({"name":"a" , "inputSchema":{"type":"object"}})");
  EXPECT_EQ(page->items[0].key, "a");
  EXPECT_EQ(page->items[0].key_token, R"("a")");
  EXPECT_EQ(page->items[1].key, "b/c");
  EXPECT_EQ(page->items[1].key_token, R"("b\u002fc")");
  EXPECT_EQ(page->next_cursor, "n\"1");
  EXPECT_EQ(page->ttl, std::nullopt);
  EXPECT_EQ(page->cache_scope, "");
}

TEST(ListPage, ToolsThatAreAlwaysTasksAreTold) {
  const auto page = read(ListKind::tools, R"({"tools":[{"name":"a","execution":{"taskSupport":"required"}},)"
                                          R"({"name":"b","execution":{"taskSupport":"optional"}},)"
                                          R"({"name":"c","execution":"required"},{"name":"d"}]})");
  ASSERT_TRUE(page) << page.error().message;
  std::vector<bool> required;
  for (const auto& item : page->items) required.push_back(item.requires_task);
  EXPECT_THAT(required, ElementsAre(true, false, false, false));
}

TEST(ListPage, EachKindHasItsWordsAndItsKey) {
  EXPECT_EQ(mcp::list_method(ListKind::tools), "tools/list");
  EXPECT_EQ(mcp::list_member(ListKind::prompts), "prompts");
  EXPECT_EQ(mcp::list_changed(ListKind::resource_templates), "notifications/resources/list_changed");
  EXPECT_EQ(read(ListKind::prompts, R"({"prompts":[{"name":"p"}]})")->items[0].key, "p");
  EXPECT_EQ(read(ListKind::resources, R"({"resources":[{"name":"n","uri":"file:///x"}]})")->items[0].key, "file:///x");
  EXPECT_EQ(read(ListKind::resource_templates, R"({"resourceTemplates":[{"name":"n","uriTemplate":"file:///{p}"}]})")
                ->items[0]
                .key,
            "file:///{p}");
}

TEST(ListPage, CachingHintsAreRead) {
  const auto page = read(ListKind::tools, R"({"tools":[],"ttlMs":300000,"cacheScope":"public"})");
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->items.empty());
  EXPECT_EQ(page->ttl, 300000);
  EXPECT_EQ(page->cache_scope, "public");
}

TEST(ListPage, LinksToAppsAreFound) {
  const auto page =
      read(ListKind::tools, R"({"tools":[{"_meta":{"ui":{"resourceUri":"ui://get-time/mcp-app.html","csp":{}},)"
                            R"("ui/resourceUri": "ui://get-time/old.html" },"name":"a"},)"
                            R"({"name":"b","_meta":{"ui":7,"ui/resourceUri":null}},{"name":"c","_meta":[]}]})");
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_THAT(page->items[0].links, ElementsAre(R"("ui://get-time/mcp-app.html")", R"("ui://get-time/old.html")"));
  EXPECT_TRUE(page->items[1].links.empty());
  EXPECT_TRUE(page->items[2].links.empty());
}

class BadPage : public testing::TestWithParam<std::string_view> {};

TEST_P(BadPage, IsTheVendorsFault) {
  const auto page = mcp::read_list_page(ListKind::tools, mcp::tests::keep(GetParam()));
  ASSERT_FALSE(page) << GetParam();
  EXPECT_EQ(page.error().kind, base::Kind::vendor_invalid);
  EXPECT_EQ(page.error().code, "vendor.bad_list");
  EXPECT_NE(page.error().message.find("tools/list"), std::string::npos) << page.error().message;
}

INSTANTIATE_TEST_SUITE_P(Texts, BadPage,
                         testing::Values("", "nope", "[]", R"({"result":{}})", R"({"result":{"tools":{}}})",
                                         R"({"result":{"tools":[7]}})", R"({"result":{"tools":[{}]}})",
                                         R"({"result":{"tools":[{"name":7}]}})",
                                         R"({"result":{"tools":[{"name":"a","n\u0061me":"b"}]}})",
                                         R"({"result":{"tools":[],"tools":[]}})", R"({"result":{"tools":[{"name":"a"})",
                                         R"({"error":{"code":-32603,"message":"broken"}})"));

TEST(ListPage, AVendorWithoutTheMethodIsTold) {
  const auto page = mcp::read_list_page(
      ListKind::prompts,
      mcp::tests::keep(R"({"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found"}})"));
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, "vendor.method_not_found");
  EXPECT_EQ(page.error().message, "answered prompts/list with: Method not found");
}

TEST(ListPage, TheVendorsWordsAreCutBetweenCharacters) {
  std::string words = "x";
  for (int i = 0; i < 200; ++i) words += "世";
  const auto page = mcp::read_list_page(ListKind::tools,
                                        mcp::tests::keep(R"({"id":1,"error":{"code":1,"message":")" + words + "\"}}"));
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().message, "answered tools/list with: " + words.substr(0, 298) + "…");
}

}  // namespace
