#include "demo/mcp_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "demo/knowledge.hpp"

namespace {

namespace json = boost::json;
using testing::HasSubstr;

const demo::McpServer& docs() {
  static const auto server = demo::make_knowledge_base();
  return server;
}

json::value answer(std::string_view message) { return json::parse(docs().handle(message).answer); }

std::string text_at(const json::value& value, std::string_view pointer) {
  const auto* found = value.is_null() ? nullptr : &value.at_pointer(pointer);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

TEST(McpServer, InitializeAnswersTheRevisionAskedForWhenItIsKnown) {
  for (const std::string revision : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"}) {
    const auto result = answer(R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":")" +
                               revision + R"(","capabilities":{},"clientInfo":{"name":"t","version":"1"}}})");
    EXPECT_EQ(text_at(result, "/result/protocolVersion"), revision);
  }
}

TEST(McpServer, InitializeWithAnUnknownRevisionAnswersTheNewest) {
  const auto result =
      answer(R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"1999-01-01"}})");
  EXPECT_EQ(text_at(result, "/result/protocolVersion"), "2025-11-25");
}

TEST(McpServer, NotificationsAndResponsesGetNoAnswer) {
  EXPECT_EQ(docs().handle(R"({"jsonrpc":"2.0","method":"notifications/initialized"})").answer, "");
  EXPECT_EQ(docs().handle(R"({"jsonrpc":"2.0","id":1,"result":{}})").answer, "");
}

TEST(McpServer, WhatIsNoJsonRpcIsAnErrorOfJsonRpc) {
  const std::vector<std::pair<std::string, int>> cases{
      {"{", -32700},
      {"7", -32600},
      {"{}", -32600},
      {"[]", -32600},
      {R"({"jsonrpc":"1.0","id":1,"method":"ping"})", -32600},
      {R"({"jsonrpc":"2.0","id":null,"method":"ping"})", -32600},
      {R"({"jsonrpc":"2.0","id":1.5,"method":"ping"})", -32600},
      {R"({"jsonrpc":"2.0","id":1})", -32600},
      {R"({"jsonrpc":"2.0","id":1,"method":"resources/list"})", -32601},
      {R"({"jsonrpc":"2.0","id":1,"method":"initialize"})", -32602},
      {R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"no_such"}})", -32602},
  };
  for (const auto& [message, code] : cases) {
    EXPECT_EQ(answer(message).at_pointer("/error/code").as_int64(), code) << message;
  }
}

TEST(McpServer, IdComesBackAsItWasSent) {
  EXPECT_EQ(docs().handle(R"({"jsonrpc":"2.0","id":"a\"7","method":"ping"})").answer,
            R"({"jsonrpc":"2.0","id":"a\"7","result":{}})");
}

TEST(McpServer, BatchIsAnsweredByABatchWithoutItsNotifications) {
  const auto answers = answer(R"([{"jsonrpc":"2.0","id":1,"method":"ping"},
    {"jsonrpc":"2.0","method":"notifications/initialized"},{"jsonrpc":"2.0","id":2,"method":"ping"}])");
  EXPECT_EQ(answers.as_array().size(), 2U);
}

TEST(McpServer, EveryToolHasATitleADescriptionAndASchemaWithDescribedArguments) {
  const auto listed = answer(R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})");
  const auto& tools = listed.at_pointer("/result/tools").as_array();
  EXPECT_EQ(tools.size(), 5U);
  for (const auto& tool : tools) {
    EXPECT_GT(text_at(tool, "/description").size(), 30U) << tool;
    EXPECT_EQ(text_at(tool, "/inputSchema/type"), "object");
    for (const auto& [name, property] : tool.at_pointer("/inputSchema/properties").as_object()) {
      EXPECT_FALSE(text_at(property, "/description").empty()) << tool;
    }
  }
}

TEST(McpServer, BadArgumentsAreAToolErrorThatExplains) {
  const auto result =
      answer(R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read_article","arguments":{}}})");
  EXPECT_TRUE(result.at_pointer("/result/isError").as_bool());
  EXPECT_THAT(text_at(result, "/result/content/0/text"), HasSubstr("\"id\" is required"));
}

TEST(McpServer, ProgressComesOnlyWithATokenThatWasAskedFor) {
  const auto without =
      docs().handle(R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"check_links"}})");
  EXPECT_TRUE(without.progress.empty());
  const auto with = docs().handle(
      R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"check_links","_meta":{"progressToken":"p1"}}})");
  ASSERT_EQ(with.progress.size(), 8U);
  EXPECT_THAT(with.progress[0], HasSubstr(R"("method":"notifications/progress","params":{"progressToken":"p1")"));
  EXPECT_THAT(with.progress[7], HasSubstr(R"("progress":8,"total":8)"));
}

TEST(McpServer, LockedServerListsItsToolsButRefusesCalls) {
  const auto listed = docs().handle(R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})", "no key");
  EXPECT_THAT(listed.answer, HasSubstr("search_articles"));
  const auto called =
      docs().handle(R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_runbooks"}})", "no key");
  EXPECT_THAT(called.answer, testing::AllOf(HasSubstr("no key"), HasSubstr("\"isError\":true")));
}

std::string call(const std::string& name, const std::string& arguments) {
  const auto result = answer(R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":")" + name +
                             R"(","arguments":)" + arguments + "}}");
  return text_at(result, "/result/content/0/text");
}

TEST(Knowledge, SearchFindsTheBestMatchFirstAndHonoursCategoryAndLimit) {
  EXPECT_THAT(call("search_articles", R"({"query":"guest wireless"})"), HasSubstr(R"("articles":[{"id":"kb-130")"));
  EXPECT_THAT(call("search_articles", R"({"query":"the","category":"backup","limit":1})"), HasSubstr("kb-11"));
  EXPECT_THAT(call("search_articles", R"({"query":"zebra"})"), HasSubstr(R"("found":0)"));
}

TEST(Knowledge, UnknownIdIsRefusedWithTheIdsThereAre) {
  EXPECT_THAT(call("read_article", R"({"id":"kb-999"})"), HasSubstr("there are kb-101, kb-102"));
  EXPECT_THAT(call("read_runbook", R"({"id":"rb-99"})"), HasSubstr("there are rb-01"));
}

TEST(Knowledge, RunbookHasNumberedSteps) {
  EXPECT_THAT(call("read_runbook", R"({"id":"rb-03"})"), HasSubstr("1. Block sign-in.\n2. End all sessions.\n"));
  EXPECT_THAT(call("list_runbooks", R"({"category":"network"})"), HasSubstr("rb-01"));
}

}  // namespace
