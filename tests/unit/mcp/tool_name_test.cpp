#include "mcp/tool_name.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <utility>
#include <vector>

namespace {

TEST(ToolName, ShortLegalNamesStayReadable) { EXPECT_EQ(mcp::unified_name("hudu", "search"), "hudu__search"); }

TEST(ToolName, LongAndIllegalNamesBecomeLegalAndStayDifferent) {
  const auto a = mcp::unified_name("hudu", std::string(80, 'x') + "a");
  const auto b = mcp::unified_name("hudu", std::string(80, 'x') + "b");
  EXPECT_LE(a.size(), mcp::kMaxToolName);
  EXPECT_NE(a, b);
  EXPECT_NE(mcp::unified_name("hudu", "a.b"), mcp::unified_name("hudu", "a b"));
  EXPECT_EQ(mcp::split_unified_name(a)->vendor, "hudu");
}

TEST(ToolName, UnderscoresOfTheVendorsOwnLeadBack) {
  for (const std::string_view name : {"_x", "__x", "x__y", "_", "__", "x_", "a__b__c"}) {
    const auto unified = mcp::unified_name("a", name);
    EXPECT_EQ(unified, "a__" + std::string(name));
    const auto split = mcp::split_unified_name(unified);
    ASSERT_TRUE(split);
    EXPECT_EQ(split->vendor, "a");
    EXPECT_EQ(split->rest, name);
  }
}

TEST(ToolName, NamesWithoutAVendorAreNotSplit) {
  for (const std::string_view name : {"", "x", "a_x", "__x"}) EXPECT_FALSE(mcp::split_unified_name(name)) << name;
}

// A tool that is called like another one's mapped name would take its place.
TEST(ToolName, NoNameIsThatOfAMappedOne) {
  const auto mapped = mcp::unified_name("a", "x.y");
  ASSERT_TRUE(mcp::is_mapped_name(mapped)) << mapped;
  const auto own = std::string(mcp::split_unified_name(mapped)->rest);
  EXPECT_NE(mcp::unified_name("a", own), mapped);
  EXPECT_TRUE(mcp::is_mapped_name(mcp::unified_name("a", own)));
  EXPECT_FALSE(mcp::is_mapped_name(mcp::unified_name("a", "search_deadbee")));
}

// Every name over a small alphabet, short ones and such as reach the limit.
TEST(ToolName, IsLegalUniqueAndReversible) {
  const std::vector<std::string> vendors{"a", "a-b", "b", std::string(32, 'v')};
  std::vector<std::string> names{""};
  for (std::size_t i = 0; names[i].size() < 5; ++i) {
    for (const char c : {'a', '_', '-', '.', '\xc3'}) names.push_back(names[i] + c);
  }
  for (std::size_t length = 28; length < 70; ++length) names.emplace_back(length, 'n');
  std::map<std::string, std::pair<std::string, std::string>> owners;
  for (const auto& vendor : vendors) {
    for (const auto& name : names) {
      const auto unified = mcp::unified_name(vendor, name);
      ASSERT_TRUE(!unified.empty() && unified.size() <= mcp::kMaxToolName);
      ASSERT_TRUE(
          std::ranges::all_of(unified, [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '-'; }));
      ASSERT_TRUE(owners.emplace(unified, std::pair(vendor, name)).second) << unified;
      const auto split = mcp::split_unified_name(unified);
      ASSERT_TRUE(split && split->vendor == vendor) << unified;
      ASSERT_TRUE(mcp::is_mapped_name(unified) || split->rest == name) << unified;
    }
  }
}

}  // namespace
