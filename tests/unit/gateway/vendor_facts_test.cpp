#include "gateway/vendor_facts.hpp"

#include <gtest/gtest.h>

namespace {

using mcp::Era;
using mcp::ListKind;

TEST(VendorFacts, InitializeResultOfTheLegacyEra) {
  const auto facts = gateway::read_vendor_facts(
      Era::legacy,
      R"({"protocolVersion":"2025-11-25","capabilities":{"tools":{"listChanged":true},"prompts":{},)"
      R"("resources":{"subscribe":true},"completions":{},"logging":{},"tasks":{"list":{},"requests":{"tools":{"call":{}}}}},)"
      R"("serverInfo":{"name":"hudu","version":"2"},"instructions":"Be brief."})");
  EXPECT_TRUE(facts.tools && facts.prompts && facts.resources && facts.completions && facts.logging);
  EXPECT_TRUE(facts.subscribe && facts.task_calls && facts.task_list);
  EXPECT_FALSE(facts.task_cancel || facts.tasks_extension);
  EXPECT_EQ(facts.server_info, R"({"name":"hudu","version":"2"})");
  EXPECT_EQ(facts.instructions, "Be brief.");
  for (const auto kind : {ListKind::tools, ListKind::prompts, ListKind::resources, ListKind::resource_templates}) {
    EXPECT_TRUE(facts.offers(kind));
  }
}

TEST(VendorFacts, DiscoverResultOfTheModernEra) {
  const auto facts =
      gateway::read_vendor_facts(Era::modern, R"({"supportedVersions":["2026-07-28"],"capabilities":{"resources":{},)"
                                              R"("extensions":{"io.modelcontextprotocol/tasks":{}}},)"
                                              R"("_meta":{"io.modelcontextprotocol/serverInfo":{"name":"hudu"}}})");
  EXPECT_EQ(facts.era, Era::modern);
  EXPECT_EQ(facts.server_info, R"({"name":"hudu"})");
  EXPECT_TRUE(facts.resources && facts.tasks_extension);
  EXPECT_FALSE(facts.subscribe);
  EXPECT_FALSE(facts.offers(ListKind::tools));
  EXPECT_TRUE(facts.offers(ListKind::resource_templates));
}

TEST(VendorFacts, OfNonsenseNothingIsKnown) {
  for (const auto* text : {"", "{", "[]", R"({"capabilities":[]})", R"({"capabilities":{"tools":null}})"}) {
    const auto facts = gateway::read_vendor_facts(Era::legacy, text);
    EXPECT_FALSE(facts.tools || facts.prompts || facts.resources) << text;
    EXPECT_EQ(facts.opening, text);
  }
}

}  // namespace
