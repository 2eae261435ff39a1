#include "mcp/own_info.hpp"

#include <gtest/gtest.h>

#include "json/document.hpp"

namespace {

TEST(OwnInfo, InitializeParamsAreTheThreeThatTheProtocolWants) {
  const auto params = json::parse_object(mcp::own_initialize_params("2025-11-25", R"({"roots":{}})"));
  ASSERT_TRUE(params);
  EXPECT_EQ(params->size(), 3U);
  EXPECT_EQ(params->at("protocolVersion").get_string(), "2025-11-25");
  EXPECT_TRUE(params->at("capabilities").get_object().contains("roots"));
  const auto& info = params->at("clientInfo").get_object();
  EXPECT_EQ(info.at("name").get_string(), "mcp-gateway");
  EXPECT_EQ(info.at("version").get_string(), base::kVersion);
}

}  // namespace
