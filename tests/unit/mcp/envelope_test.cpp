#include "mcp/envelope.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture.hpp"

namespace {

using mcp::tests::scan;

TEST(Scan, FindsEveryPartOfAToolCall) {
  const auto e =
      scan(R"({"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"hudu__search","arguments":{"q":[1,2]},)"
           R"("_meta":{"progressToken":"p1"}}})");
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->shape, mcp::Shape::request);
  EXPECT_EQ(e->method, "tools/call");
  EXPECT_EQ(e->id, "7");
  EXPECT_EQ(e->name, "hudu__search");
  EXPECT_EQ(e->name_token, "\"hudu__search\"");
  EXPECT_EQ(e->progress_token, "\"p1\"");
}

TEST(Scan, KeepsTheRawTokenOfAStringId) {
  const auto e = scan(R"({"id" : "a\"7" , "jsonrpc":"2.0","method":"ping"})");
  ASSERT_TRUE(e);
  EXPECT_EQ(e->id, R"("a\"7")");
}

TEST(Scan, NotificationHasNoId) {
  const auto e = scan(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":3,"reason":"x"}})");
  ASSERT_TRUE(e);
  EXPECT_EQ(e->shape, mcp::Shape::notification);
  EXPECT_EQ(e->request_id, "3");
}

TEST(Scan, ResponsesAreToldFromErrors) {
  EXPECT_FALSE(scan(R"({"jsonrpc":"2.0","id":1,"result":{}})")->is_error);
  EXPECT_TRUE(scan(R"({"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}})")->is_error);
}

TEST(Scan, SaysWhetherAResponseNamesThings) {
  const auto names_things = [](const std::string& member) {
    return scan(R"({"jsonrpc":"2.0","id":1,)" + member + "}")->names_things;
  };
  EXPECT_TRUE(names_things(R"("result":{"content":[{"type":"resource","resource":{"uri":"a:b"}}]})"));
  EXPECT_TRUE(names_things(R"("result":{"task":{"taskId":"7"}})"));
  EXPECT_TRUE(names_things(R"("error":{"code":1,"message":"x","data":{"uri":"a:b"}})"));
  EXPECT_FALSE(
      names_things(R"("result":{"content":[{"type":"text","text":"\"uri\": no"}],"uris":[],"task":"taskId"})"));
}

TEST(Scan, VersionInMetaMakesARequestModern) {
  const auto e = scan(
      R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}})");
  ASSERT_TRUE(e);
  EXPECT_EQ(e->protocol_version, "2026-07-28");
}

TEST(Scan, EscapedNameIsReadUnescaped) {
  const auto e = scan(R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a\u005f\u005fb"}})");
  ASSERT_TRUE(e);
  EXPECT_EQ(e->name, "a__b");
}

// 2026-07-28 basic, "Per-request protocol fields".
TEST(Scan, FindsWhatAModernRequestCarries) {
  const auto e = scan(R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_weather",)"
                      R"("arguments" : {"location": "New York"} ,"inputResponses":{"a":{"action":"accept"}},)"
                      R"("requestState":"s\"1","_meta": {"traceparent":"00-0af7",)"
                      R"("io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
                      R"("io.modelcontextprotocol/clientInfo":{"name":"c","version":"1"},)"
                      R"("io.modelcontextprotocol/clientCapabilities":{"elicitation":{}},)"
                      R"("io.modelcontextprotocol/logLevel":"info","progressToken":5} }})");
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->arguments, R"({"location": "New York"})");
  EXPECT_EQ(e->input_responses, R"({"a":{"action":"accept"}})");
  EXPECT_EQ(e->request_state, R"("s\"1")");
  EXPECT_EQ(e->client_info, R"({"name":"c","version":"1"})");
  EXPECT_EQ(e->client_capabilities, R"({"elicitation":{}})");
  EXPECT_EQ(e->log_level, "info");
  EXPECT_EQ(e->progress_token, "5");
  EXPECT_TRUE(e->meta.starts_with(R"({"traceparent")"));
  EXPECT_TRUE(e->meta.ends_with(R"("progressToken":5})"));
  EXPECT_TRUE(e->params.starts_with(R"({"name")"));
  EXPECT_TRUE(e->params.ends_with("5} }"));
}

TEST(Scan, WhatIsAbsentHasNoData) {
  const auto e = scan(R"({"jsonrpc":"2.0","id":1,"method":"tools/call"})");
  ASSERT_TRUE(e);
  for (const auto view : {e->params, e->name_token, e->meta, e->client_info, e->client_capabilities, e->arguments,
                          e->input_responses, e->request_state, e->task_id_token}) {
    EXPECT_EQ(view.data(), nullptr);
  }
}

TEST(Scan, FindsPartsOfAnyType) {
  for (const std::string_view value : {"7", "-1.5e3", "123456789012345678901234567890", "null", R"("x")", "[1, 2]"}) {
    const auto e = scan(R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"arguments": )" + std::string(value) + " }}");
    ASSERT_TRUE(e) << value;
    EXPECT_EQ(e->arguments, value);
  }
}

TEST(Scan, FindsTheTaskOfATaskRequest) {
  const auto e = scan(R"({"jsonrpc":"2.0","id":1,"method":"tasks/get","params":{"taskId":"786512e2"}})");
  ASSERT_TRUE(e);
  EXPECT_EQ(e->task_id_token, R"("786512e2")");
}

// A call that carries a harmless "uri" beside the tool's real name was judged by the former.
TEST(Scan, TheNameIsTheOneThatTheMethodMeans) {
  const auto call =
      scan(R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"uri":"allowed","name":"forbidden"}})");
  ASSERT_TRUE(call);
  EXPECT_EQ(call->name, "forbidden");
  EXPECT_EQ(call->name_token, "\"forbidden\"");
  // The method may come last.
  const auto read =
      scan(R"({"jsonrpc":"2.0","id":1,"params":{"name":"allowed","uri":"file:///x"},"method":"resources/read"})");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->name, "file:///x");
  EXPECT_EQ(scan(R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"uri":"x"}})")->name, "");
}

TEST(Scan, TheProgressTokenIsTheOneThatTheMethodMeans) {
  EXPECT_EQ(scan(R"({"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":{"progressToken":1},"progressToken":2}})")
                ->progress_token,
            "1");
  EXPECT_EQ(scan(R"({"jsonrpc":"2.0","method":"notifications/progress",)"
                 R"("params":{"progressToken":2,"_meta":{"progressToken":1}}})")
                ->progress_token,
            "2");
}

TEST(Scan, VeryManyKeysAreReadInReasonableTime) {
  std::string many = R"({"jsonrpc":"2.0","id":1,"method":"a","params":{)";
  for (int i = 0; i < 200'000; ++i) many += "\"k" + std::to_string(i) + "\":0,";
  EXPECT_TRUE(scan(many + "\"k\":0}}"));
  EXPECT_EQ(scan(many + "\"k7\":0}}").error().code, "invalid_request");
}

TEST(Scan, AKeyThatStandsTwiceIsFoundAmongFewAndMany) {
  for (const int others : {0, 13, 14, 15, 16, 17, 40}) {
    for (const std::string_view key : {"", "x", "k0"}) {
      std::string params = "\"" + std::string(key) + "\":0";
      for (int i = 1; i <= others; ++i) params += ",\"k" + std::to_string(i) + "\":0";
      const std::string begin = R"({"jsonrpc":"2.0","id":1,"method":"a","params":{)";
      EXPECT_TRUE(scan(begin + params + "}}")) << params;
      EXPECT_FALSE(scan(begin + params + ",\"" + std::string(key) + "\":0}}")) << params;
    }
  }
}

class Refused : public testing::TestWithParam<std::pair<std::string_view, std::string_view>> {};

TEST_P(Refused, WithItsOwnCode) {
  const auto e = scan(GetParam().first);
  ASSERT_FALSE(e) << GetParam().first;
  EXPECT_EQ(e.error().code, GetParam().second) << GetParam().first;
}

INSTANTIATE_TEST_SUITE_P(
    Messages, Refused,
    testing::Values(
        std::pair{"", "parse_error"}, std::pair{"{", "parse_error"}, std::pair{"nope", "parse_error"},
        std::pair{R"({"jsonrpc":"2.0","id":1,"method":"a"} x)", "parse_error"},
        std::pair{R"({"jsonrpc":"2.0","id":1,"method":"a"}{"jsonrpc":"2.0"})", "parse_error"},
        std::pair{R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"arguments":{"x":tru}}})", "parse_error"},
        std::pair{R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"arguments":{"x":nope}}})", "parse_error"},
        std::pair{R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"arguments":{"x":"\q"}}})", "parse_error"},
        std::pair{R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"x":01}})", "parse_error"},
        std::pair{R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"x":1.}})", "parse_error"},
        std::pair{R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"x":-}})", "parse_error"},
        std::pair{R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"x":1 2}})", "parse_error"},
        std::pair{R"([])", "invalid_request"}, std::pair{R"(3)", "invalid_request"},
        std::pair{R"({"jsonrpc":"1.0","id":1,"method":"a"})", "invalid_request"},
        std::pair{R"({"id":1,"method":"a"})", "invalid_request"},
        std::pair{R"({"jsonrpc":"2.0","id":1.5,"method":"a"})", "invalid_request"},
        std::pair{R"({"jsonrpc":"2.0","id":{},"method":"a"})", "invalid_request"},
        std::pair{R"({"jsonrpc":"2.0","id":null,"method":"a"})", "invalid_request"},
        std::pair{R"({"jsonrpc":"2.0","id":1})", "invalid_request"},
        std::pair{R"({"jsonrpc":"2.0","id":1,"method":7})", "invalid_request"},
        std::pair{R"({"jsonrpc":"2.0","id":1,"method":"a","method":"b"})", "invalid_request"},
        std::pair{R"({"jsonrpc":"2.0","id":1,"method":"a","m\u0065thod":"b"})", "invalid_request"},
        std::pair{R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","name":"b"}})",
                  "invalid_request"},
        std::pair{R"({"jsonrpc":"2.0","id":1,"method":"a","params":[1]})", "invalid_request"},
        std::pair{R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"_meta":{},"_meta":{}}})", "invalid_request"},
        std::pair{R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"_meta":{"x":1,"y":2,"\u0078":3}}})",
                  "invalid_request"},
        std::pair{R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"_meta":[]}})", "invalid_request"},
        std::pair{R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"requestState":{}}})", "invalid_request"},
        std::pair{R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"arguments":{})", "parse_error"},
        std::pair{R"({"jsonrpc":"2.0","id":1,"result":{},"error":{}})", "invalid_request"},
        std::pair{R"({"jsonrpc":"2.0","result":{}})", "invalid_request"}));

TEST(Scan, DepthIsLimited) {
  std::string deep = R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"x":)";
  for (int i = 0; i < 200; ++i) deep += '[';
  for (int i = 0; i < 200; ++i) deep += ']';
  deep += "}}";
  EXPECT_FALSE(scan(deep));
}

TEST(Batch, SplitsIntoMessages) {
  const auto text = mcp::tests::keep(R"( [ {"a":1} , {"b":[2]} ] )");
  EXPECT_TRUE(mcp::is_batch(text));
  const auto parts = mcp::split_batch(text, 10);
  ASSERT_TRUE(parts);
  EXPECT_THAT(*parts, testing::ElementsAre(R"({"a":1})", R"({"b":[2]})"));
  EXPECT_EQ(mcp::split_batch(text, 1).error().kind, base::Kind::too_many);
}

}  // namespace
