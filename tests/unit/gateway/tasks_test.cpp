// Tasks on the unified endpoint, and calls that the gateway runs as tasks.
#include "fixture.hpp"

namespace {

using gateway_test::GatewayTest;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Tasks : public GatewayTest {
 protected:
  Tasks() {
    auto& open = channels_.vendors["open"];
    open.opening_result =
        R"({"protocolVersion":"2025-11-25","capabilities":{"tools":{},"tasks":{"list":{},"requests":{"tools":{"call":{}}}}},"serverInfo":{"name":"v","version":"1"}})";
    open.answer = [](const fake::SeenRequest& seen) -> std::vector<fake::Step> {
      const auto result = [](std::string text) {
        return std::vector<fake::Step>{R"({"jsonrpc":"2.0","id":$ID,"result":)" + std::move(text) + "}"};
      };
      if (seen.method == "tools/list") {
        return result(R"({"tools":[{"name":"slow","inputSchema":{},"execution":{"taskSupport":"required"}},)"
                      R"({"name":"echo","inputSchema":{},"execution":{"taskSupport":"optional"}}]})");
      }
      if (seen.body.contains(R"("task":{)")) return result(R"({"task":{"taskId":"t1","status":"working"}})");
      if (seen.method == "tasks/list") {
        const bool first = !seen.body.contains("cursor");
        return result(first ? R"({"tasks":[{"taskId":"t1"}],"nextCursor":"2"})" : R"({"tasks":[{"taskId":"t2"}]})");
      }
      if (seen.method == "tasks/result") {
        return result(R"({"content":[],"_meta":{"io.modelcontextprotocol/related-task":{"taskId":"t1"}}})");
      }
      return result(R"({"taskId":"t1","status":"working"})");
    };
  }

  std::string ask(const std::string& session, const std::string& method, const std::string& params) {
    return post("/v1/mcp", R"({"jsonrpc":"2.0","id":5,"method":")" + method + R"(","params":)" + params + "}",
                {{"Mcp-Session-Id", session}})
        .body;
  }
  [[nodiscard]] std::vector<std::string> methods() const {
    std::vector<std::string> out;
    for (const auto& seen : channels_.seen()) out.push_back(seen.method);
    return out;
  }
};

TEST_F(Tasks, AreFoundAtTheirVendorsUnderItsOwnIds) {
  const auto session = open_session();
  const auto created = ask(session, "tools/call", R"({"name":"open__echo","arguments":{},"task":{"ttl":1}})");
  EXPECT_THAT(created, HasSubstr(R"("task":{"taskId":"open:t1")"));
  EXPECT_THAT(ask(session, "tasks/get", R"({"taskId":"open:t1"})"), HasSubstr(R"("taskId":"open:t1")"));
  EXPECT_THAT(channels_.seen().back().body, HasSubstr(R"("taskId":"t1")"));
  EXPECT_THAT(ask(session, "tasks/result", R"({"taskId":"open:t1"})"), HasSubstr(R"("taskId":"open:t1")"));
}

TEST_F(Tasks, OfNoVendorAreUnknown) {
  const auto session = open_session();
  for (const auto* id : {"t1", "nobody:t1", ":t1", ""}) {
    EXPECT_THAT(ask(session, "tasks/get", std::string(R"({"taskId":")") + id + R"("})"),
                AllOf(HasSubstr("-32602"), HasSubstr("Unknown task")))
        << id;
  }
  EXPECT_THAT(ask(session, "tasks/get", "{}"), HasSubstr("-32602"));
}

TEST_F(Tasks, OfEveryVendorAreOneListThroughAllPages) {
  const auto session = open_session();
  (void)ask(session, "tools/list", "{}");
  EXPECT_EQ(ask(session, "tasks/list", "{}"),
            R"({"jsonrpc":"2.0","id":5,"result":{"tasks":[{"taskId":"open:t1"},{"taskId":"open:t2"}]}})");
}

TEST_F(Tasks, AToolThatIsAlwaysOneIsCalledAsOneAndItsResultIsTheAnswer) {
  const auto session = open_session();
  const auto answer = ask(session, "tools/call", R"({"name":"open__slow","arguments":{"a":1}})");
  EXPECT_THAT(answer, AllOf(HasSubstr(R"("id":5)"), HasSubstr(R"("content":[])")));
  const auto seen = channels_.seen();
  ASSERT_GE(seen.size(), 2U);
  EXPECT_THAT(seen[seen.size() - 2].body, HasSubstr(R"("params":{"task":{},"name":"slow","arguments":{"a":1}})"));
  EXPECT_EQ(seen.back().method, "tasks/result");
}

TEST_F(Tasks, AToolThatNeedNotBeOneIsCalledAsTheClientCallsIt) {
  const auto session = open_session();
  (void)ask(session, "tools/call", R"({"name":"open__echo","arguments":{}})");
  EXPECT_THAT(channels_.seen().back().body, Not(HasSubstr(R"("task")")));
  const auto answer = ask(session, "tools/call", R"({"name":"open__slow","arguments":{},"task":{}})");
  EXPECT_THAT(answer, HasSubstr(R"("taskId":"open:t1")"));
  EXPECT_THAT(methods(), Not(testing::Contains("tasks/result")));
}

// Every vendor could see what the client runs for the others.
TEST_F(Tasks, ThatAClientRunsAreHiddenFromVendorsOfTheUnifiedEndpoint) {
  auto& open = channels_.vendors["open"];
  open.answer = [](const fake::SeenRequest& seen) -> std::vector<fake::Step> {
    if (seen.method != "tools/call") return {std::string(R"({"jsonrpc":"2.0","id":$ID,"result":{"tools":[]}})")};
    return {std::string(R"({"jsonrpc":"2.0","id":77,"method":"tasks/list"})"), std::string(fake::kUntilAnswered),
            std::string(R"({"jsonrpc":"2.0","id":$ID,"result":{"content":[]}})")};
  };
  const auto session = open_session("/v1/mcp", "2025-11-25", R"({"roots":{},"tasks":{"list":{}}})");
  EXPECT_THAT(ask(session, "tools/call", R"({"name":"open__echo","arguments":{}})"), Not(HasSubstr("tasks/list")));
  EXPECT_THAT(channels_.notified().back().body, AllOf(HasSubstr("77"), HasSubstr("-32601")));
  EXPECT_THAT(channels_.initialize_params().back(), AllOf(HasSubstr("roots"), Not(HasSubstr("tasks"))));
}

}  // namespace
