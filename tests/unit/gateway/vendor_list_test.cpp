#include "gateway/vendor_list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mcp/envelope.hpp"
#include "mcp/tool_name.hpp"

namespace {

using mcp::Era;
using mcp::ListKind;
using testing::HasSubstr;

constexpr gateway::ListBuilder::Limits kNoLimits{.items = 1000, .bytes = 1 << 20};

std::shared_ptr<const gateway::VendorList> built(ListKind kind, const std::string& items, Era era = Era::legacy,
                                                 gateway::ListBuilder::Limits limits = kNoLimits) {
  std::string text =
      R"({"jsonrpc":"2.0","id":1,"result":{")" + std::string(mcp::list_member(kind)) + "\":[" + items + "]}}";
  text.reserve(text.size() + mcp::kPadding);
  const auto page = mcp::read_list_page(kind, text);
  EXPECT_TRUE(page) << page.error().message;
  gateway::ListBuilder builder("hudu", kind, era, limits);
  for (const auto& item : page->items) {
    if (!builder.add(item)) break;
  }
  return std::move(builder).finish();
}

TEST(VendorList, DefinitionsKeepTheirBytesButForTheirNames) {
  const auto list =
      built(ListKind::tools, R"({ "description" : "x",  "name":"search" , "n":1.0e2 }, {"name":"\u0061"})");
  EXPECT_EQ(list->fragment(), R"({ "description" : "x",  "name":"hudu__search" , "n":1.0e2 },{"name":"hudu__a"})");
  ASSERT_EQ(list->items().size(), 2U);
  EXPECT_EQ(list->items()[1].definition, R"({"name":"hudu__a"})");
  EXPECT_EQ(list->find("a"), &list->items()[1]);
  EXPECT_EQ(list->find("hudu__a"), nullptr);
}

TEST(VendorList, MappedNamesLeadBack) {
  const auto list = built(ListKind::prompts, R"({"name":"a.b"},{"name":"plain"})");
  const auto unified = mcp::unified_name("hudu", "a.b");
  ASSERT_NE(list->find_mapped(unified), nullptr);
  EXPECT_EQ(list->find_mapped(unified)->key, "a.b");
  EXPECT_EQ(list->find_mapped("hudu__plain"), nullptr);
}

TEST(VendorList, LinksToResourcesAreMapped) {
  const auto list = built(ListKind::tools, R"({"name":"t","_meta":{"ui":{"resourceUri":"ui://app/main.html"},)"
                                           R"("ui/resourceUri":"ui://app/main.html"}})");
  EXPECT_EQ(list->fragment(), R"({"name":"hudu__t","_meta":{"ui":{"resourceUri":"ui://hudu/app/main.html"},)"
                              R"("ui/resourceUri":"ui://hudu/app/main.html"}})");
}

TEST(VendorList, SecondItemOfAKeyIsLeftOut) {
  const auto list = built(ListKind::resources, R"({"uri":"file:///a","name":"1"},{"uri":"file:///a","name":"2"})");
  ASSERT_EQ(list->items().size(), 1U);
  EXPECT_THAT(std::string(list->fragment()), HasSubstr("\"1\""));
}

TEST(VendorList, WrongAnnotationsAreLeftOutOfAModernVendorsToolsOnly) {
  const std::string tools =
      R"({"name":"good","inputSchema":{"type":"object","properties":{"r":{"type":"string","x-mcp-header":"R"}}}},)"
      R"({"name":"bad","inputSchema":{"type":"object","properties":{"r":{"type":"string","x-mcp-header":""}}}})";
  const auto modern = built(ListKind::tools, tools, Era::modern);
  ASSERT_EQ(modern->items().size(), 1U);
  ASSERT_EQ(modern->items()[0].parameters.size(), 1U);
  EXPECT_EQ(modern->items()[0].parameters[0].header, "Mcp-Param-R");
  EXPECT_EQ(built(ListKind::tools, tools, Era::legacy)->items().size(), 2U);
}

TEST(VendorList, AnnotationThatIsWrittenWithEscapesCountsToo) {
  const auto list = built(
      ListKind::tools,
      R"({"name":"t","inputSchema":{"type":"object","properties":{"r":{"type":"string","x\u002dmcp-header":"R"}}}})",
      Era::modern);
  ASSERT_EQ(list->items().size(), 1U);
  EXPECT_EQ(list->items()[0].parameters.size(), 1U);
}

TEST(VendorList, LimitsCut) {
  EXPECT_EQ(built(ListKind::tools, R"({"name":"a"},{"name":"b"})", Era::legacy, {1, 1000})->items().size(), 1U);
  EXPECT_EQ(built(ListKind::tools, R"({"name":"a"},{"name":"b"})", Era::legacy, {10, 20})->items().size(), 1U);
}

TEST(VendorList, EqualOnesAreOfTheSameVendorKindEraAndBytes) {
  const auto list = built(ListKind::tools, R"({"name":"a"})");
  EXPECT_TRUE(list->equals(*built(ListKind::tools, R"({"name":"a"})")));
  EXPECT_FALSE(list->equals(*built(ListKind::tools, R"({"name":"a" })")));
  EXPECT_FALSE(list->equals(*built(ListKind::prompts, R"({"name":"a"})")));
  EXPECT_FALSE(list->equals(*built(ListKind::tools, R"({"name":"a"})", Era::modern)));
}

TEST(VendorList, EmptyOne) {
  const auto list = built(ListKind::tools, "");
  EXPECT_EQ(list->fragment(), "");
  EXPECT_EQ(list->index().size(), 0U);
}

}  // namespace
