#include "gateway/own_tools.hpp"

#include "catalogue_fixture.hpp"

namespace {

using gateway::ToolMode;
using gateway_test::CatalogueTest;
using identity::ToolListing;
using testing::HasSubstr;

class OwnTools : public CatalogueTest {
 protected:
  gateway::OwnTools tools() { return {*connections_, *catalogue_, health_, config_}; }
  boost::json::object call(const std::string& name, const std::string& arguments = "{}") {
    auto own = tools();
    auto result = on_thread(own.call(name, arguments, "alice"));
    EXPECT_TRUE(result);
    return result ? json::parse_object(*result).value() : boost::json::object();
  }
  static std::string text_of(const boost::json::object& result) {
    return std::string(result.at("content").at(0).at("text").as_string());
  }
};

TEST_F(OwnTools, ModeIsChosenByTheUrlThenByThePersonThenByTheNumberOfTools) {
  EXPECT_EQ(tools().mode("", ToolListing::automatic, 1'000'000), ToolMode::all);
  EXPECT_EQ(tools().mode("tools=search", ToolListing::all, 0), ToolMode::search);
  config_.search_threshold = 100;
  EXPECT_EQ(tools().mode("", ToolListing::automatic, 100), ToolMode::all);
  EXPECT_EQ(tools().mode("", ToolListing::automatic, 101), ToolMode::search);
  EXPECT_EQ(tools().mode("x=1&tools=all", ToolListing::search, 101), ToolMode::all);
  EXPECT_EQ(tools().mode("", ToolListing::all, 101), ToolMode::all);
  EXPECT_EQ(tools().mode("tools=some", ToolListing::search, 0), ToolMode::search);
  EXPECT_EQ(tools().mode("tools=some", ToolListing::automatic, 101), ToolMode::search);
  config_.own_tools = false;
  EXPECT_EQ(tools().mode("tools=search", ToolListing::search, 101), ToolMode::all) << "else there would be nothing";
}

TEST_F(OwnTools, DefinitionsAreToolsWithLegalNames) {
  const auto own = tools();
  for (const auto mode : {ToolMode::all, ToolMode::search}) {
    const auto list = json::parse("[" + std::string(own.definitions(mode)) + "]");
    ASSERT_TRUE(list);
    EXPECT_EQ(list->as_array().size(), mode == ToolMode::all ? 1U : 3U);
    for (const auto& tool : list->as_array()) {
      EXPECT_TRUE(gateway::OwnTools::owns(std::string(tool.at("name").as_string())));
      EXPECT_EQ(tool.at("inputSchema").at("type"), "object");
    }
  }
  config_.own_tools = false;
  EXPECT_EQ(tools().definitions(ToolMode::all), "");
}

TEST_F(OwnTools, StatusTellsAllVendorsReadyOrNot) {
  add_vendor("open");
  add_vendor("keyed", true);
  add_vendor("down");
  lists("open", {"a", "b"});
  note_failures("down", 3);
  const auto result = call("gateway__status");
  const auto& vendors = result.at("structuredContent").at("vendors").as_array();
  ASSERT_EQ(vendors.size(), 3U);
  EXPECT_EQ(vendors[0].at("state"), "down");
  EXPECT_EQ(vendors[0].at("lastError"), "refused");
  EXPECT_EQ(vendors[1].at("state"), "needs_credential");
  EXPECT_EQ(vendors[2].at("state"), "up");
  EXPECT_EQ(vendors[2].at("tools"), 2);
  EXPECT_EQ(result.at("structuredContent").at("tools"), 2);
}

TEST_F(OwnTools, StatusOfOneVendor) {
  add_vendor("open");
  add_vendor("other");
  EXPECT_EQ(call("gateway__status", R"({"vendor":"open"})").at("structuredContent").at("vendors").as_array().size(),
            1U);
  const auto unknown = call("gateway__status", R"({"vendor":"none"})");
  EXPECT_EQ(unknown.at("isError"), true);
  EXPECT_THAT(text_of(unknown), HasSubstr("There are: open, other."));
}

TEST_F(OwnTools, SearchGivesWhatACallNeeds) {
  add_vendor("desk");
  answers("desk", mcp::ListKind::tools,
          R"({"jsonrpc":"2.0","id":$ID,"result":{"tools":[{"name":"open_ticket","description":"Opens \u0061 ticket",)"
          R"("inputSchema":{ "type":"object","properties":{"subject":{}} }},{"name":"echo"}]}})");
  const auto result = call("gateway__search_tools", R"({"query":"tickets"})");
  const auto& found = result.at("structuredContent").at("tools").as_array();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].at("name"), "desk__open_ticket");
  EXPECT_EQ(found[0].at("vendor"), "desk");
  EXPECT_EQ(result.at("structuredContent").at("searched"), 2);
  EXPECT_THAT(text_of(result), HasSubstr(R"("description":"Opens \u0061 ticket","inputSchema":{ "type":"object",)"))
      << "as the vendor sent it";
}

TEST_F(OwnTools, SearchFindsToolsOfOddDefinitions) {
  add_vendor("desk");
  answers("desk", mcp::ListKind::tools,
          R"({"jsonrpc":"2.0","id":$ID,"result":{"tools":[{"name":"odd","description":7,"inputSchema":null}]}})");
  const auto found = call("gateway__search_tools", R"({"query":"odd"})").at("structuredContent").at("tools").at(0);
  EXPECT_EQ(found.at("description"), "");
  EXPECT_EQ(found.at("inputSchema").at("type"), "object");
}

TEST_F(OwnTools, SearchHasLimits) {
  add_vendor("desk");
  gateway_test::Names many;
  for (int i = 0; i < 100; ++i) many.push_back("ticket_" + std::to_string(i));
  lists("desk", many);
  const auto count = [&](const std::string& arguments) {
    return call("gateway__search_tools", arguments).at("structuredContent").at("tools").as_array().size();
  };
  EXPECT_EQ(count(R"({"query":"ticket"})"), 10U);
  EXPECT_EQ(count(R"({"query":"ticket","limit":3})"), 3U);
  EXPECT_EQ(count(R"({"query":"ticket","limit":1000})"), 50U);
  EXPECT_EQ(count(R"({"query":"ticket","limit":-1})"), 1U);
  EXPECT_EQ(count(R"({"query":"ticket","limit":"all"})"), 10U);
}

TEST_F(OwnTools, SearchWithinOneVendor) {
  add_vendor("a");
  add_vendor("b");
  const auto result = call("gateway__search_tools", R"({"query":"echo","vendor":"b"})");
  ASSERT_EQ(result.at("structuredContent").at("tools").as_array().size(), 1U);
  EXPECT_EQ(result.at("structuredContent").at("tools").at(0).at("name"), "b__echo");
}

TEST_F(OwnTools, SearchForNothingSaysSo) {
  add_vendor("a");
  EXPECT_EQ(call("gateway__search_tools").at("isError"), true);
  EXPECT_THAT(text_of(call("gateway__search_tools", R"({"query":"xyz"})")), HasSubstr("No tool of 1 fits"));
}

TEST_F(OwnTools, NobodyFindsWhatAnotherPersonMayUse) {
  add_vendor("keyed", true);
  save_key("keyed", "bob");
  EXPECT_EQ(call("gateway__search_tools", R"({"query":"echo"})").at("structuredContent").at("searched"), 0);
}

TEST_F(OwnTools, UnknownAndSwitchedOffOnesAreNotFound) {
  auto own = tools();
  EXPECT_FALSE(on_thread(own.call("gateway__other", "{}", "alice")));
  config_.own_tools = false;
  auto off = tools();
  EXPECT_FALSE(on_thread(off.call("gateway__status", "{}", "alice")));
}

}  // namespace
