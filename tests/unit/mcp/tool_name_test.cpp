#include "mcp/tool_name.hpp"

#include <gtest/gtest.h>

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

}  // namespace
