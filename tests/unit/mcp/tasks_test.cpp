#include "mcp/tasks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture.hpp"

namespace {

using mcp::tests::keep;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(UnifiedTaskId, LeadsBackToTheVendorsOwn) {
  for (const std::string_view id : {"786512e2-9e0d-44bd-8f29-789f320fe840", "", ":", "a:b", "hudu:x", "ö\n"}) {
    const auto unified = mcp::unified_task_id("hudu", id);
    EXPECT_EQ(unified, "hudu:" + std::string(id));
    const auto split = mcp::split_unified_task_id(unified);
    ASSERT_TRUE(split);
    EXPECT_EQ(split->vendor, "hudu");
    EXPECT_EQ(split->task_id, id);
  }
  for (const std::string_view id : {"", "786512e2", ":x", "Hudu:x", "a_b:x"}) {
    EXPECT_FALSE(mcp::split_unified_task_id(id)) << id;
  }
}

struct Found {
  std::string_view message;
  std::vector<std::string> tokens;
};

class TaskIdTokens : public testing::TestWithParam<Found> {};

TEST_P(TaskIdTokens, AreFoundWhereTheSpecificationPutsThem) {
  const auto tokens = mcp::task_id_tokens(keep(GetParam().message));
  EXPECT_EQ(std::vector<std::string>(tokens.begin(), tokens.end()), GetParam().tokens) << GetParam().message;
}

INSTANTIATE_TEST_SUITE_P(
    Messages, TaskIdTokens,
    testing::Values(
        // 2025-11-25 basic/utilities/tasks, "Protocol Messages".
        Found{R"({"jsonrpc":"2.0","id":1,"result":{"task":{"taskId":"a","status":"working"}}})", {R"("a")"}},
        Found{R"({"jsonrpc":"2.0","id":3,"method":"tasks/get","params":{"taskId": "a" }})", {R"("a")"}},
        Found{R"({"jsonrpc":"2.0","id":3,"result":{"taskId":"a","status":"working"}})", {R"("a")"}},
        Found{R"({"jsonrpc":"2.0","id":4,"result":{"content":[{"type":"text","text":"{\"taskId\":\"no\"}"}],"_meta":)"
              R"({"io.modelcontextprotocol/related-task":{"taskId":"a"}}}})",
              {R"("a")"}},
        Found{R"({"jsonrpc":"2.0","method":"notifications/tasks/status","params":{"taskId":"a"}})", {R"("a")"}},
        Found{R"({"jsonrpc":"2.0","id":5,"result":{"tasks":[{"taskId":"a"},{"taskId":"b"}],"nextCursor":"c"}})",
              {R"("a")", R"("b")"}},
        Found{R"({"jsonrpc":"2.0","id":9,"method":"elicitation/create","params":{"message":"m","_meta":)"
              R"({"io.modelcontextprotocol/related-task":{"taskId":"a"}}}})",
              {R"("a")"}},
        // The extension of the modern era.
        Found{R"({"jsonrpc":"2.0","id":1,"result":{"resultType":"task","taskId":"a","ttlMs":null}})", {R"("a")"}},
        Found{R"({"jsonrpc":"2.0","method":"notifications/tasks","params":{"taskId":"a","status":"completed"}})",
              {R"("a")"}},
        Found{
            R"({"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"notifications":{"taskIds":["a","b"]}}})",
            {R"("a")", R"("b")"}},
        // Nothing of a task.
        Found{R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"taskId":"a","arguments":{"taskId":"b"}}})",
              {}},
        Found{R"({"result":{"taskId":7,"task":[],"tasks":7,"_meta":{"io.modelcontextprotocol/related-task":"a"}}})",
              {}},
        Found{R"({"error":{"taskId":"a"}})", {}}, Found{"", {}}, Found{"nope", {}}, Found{"[]", {}}));

TEST(WithUnifiedTaskIds, MapsTheVendorsOwn) {
  EXPECT_EQ(mcp::with_unified_task_ids(keep(R"({"result":{"tasks":[{"taskId":"a"},{"taskId":"b\"c"}]}})"), "hudu"),
            R"({"result":{"tasks":[{"taskId":"hudu:a"},{"taskId":"hudu:b\"c"}]}})");
}

// A vendor may ask a client for a task of the client's own (2025-11-25 basic/utilities/tasks, "Definitions").
TEST(WithUnifiedTaskIds, LeavesTheClientsTasks) {
  EXPECT_EQ(mcp::with_unified_task_ids(keep(R"({"id":1,"method":"tasks/get","params":{"taskId":"a","_meta":{)"
                                            R"("io.modelcontextprotocol/related-task":{"taskId":"b"}}}})"),
                                       "hudu"),
            R"({"id":1,"method":"tasks/get","params":{"taskId":"a","_meta":{)"
            R"("io.modelcontextprotocol/related-task":{"taskId":"hudu:b"}}}})");
}

TEST(WithoutUnifiedTaskIds, GivesTheVendorItsOwn) {
  EXPECT_EQ(mcp::without_unified_task_ids(
                keep(R"({"id":1,"method":"tasks/cancel","params":{"taskId":"hudu:a:b","_meta":{}}})"), "hudu"),
            R"({"id":1,"method":"tasks/cancel","params":{"taskId":"a:b","_meta":{}}})");
  EXPECT_EQ(
      mcp::without_unified_task_ids(
          keep(R"({"id":1,"method":"x","params":{"notifications":{"taskIds":["hudu:a","other:b","c"]}}})"), "hudu"),
      R"({"id":1,"method":"x","params":{"notifications":{"taskIds":["a","other:b","c"]}}})");
}

TEST(AsTask, AddsTheMemberThatAsksForOne) {
  const auto add = [](std::string_view request) {
    const auto text = keep(request);
    return mcp::as_task(text, *mcp::scan(text));
  };
  EXPECT_EQ(add(R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a"}})"),
            R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"task":{},"name":"a"}})");
}

TEST(CreatedTask, IsToldByACreateTaskResultAlone) {
  EXPECT_EQ(mcp::created_task(keep(R"({"result":{"task":{"taskId":"a\n"}}})")), "a\n");
  for (const auto* message : {R"({"result":{"taskId":"a"}})", R"({"result":{"task":"a"}})",
                              R"({"result":{"content":[]}})", R"({"params":{"task":{"taskId":"a"}}})", ""}) {
    EXPECT_FALSE(mcp::created_task(keep(message))) << message;
  }
}

}  // namespace
