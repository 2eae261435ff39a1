#include "mcp/envelope.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/splice.hpp"
#include "mcp/error.hpp"
#include "mcp/revision.hpp"
#include "mcp/tool_name.hpp"

namespace {

// scan() with the padding it requires; the text lives as long as the program.
base::Result<mcp::Envelope> scan(std::string_view text) {
  static std::vector<std::unique_ptr<std::string>> kept;
  auto copy = std::make_unique<std::string>();
  copy->reserve(text.size() + mcp::kPadding);
  *copy = text;
  kept.push_back(std::move(copy));
  return mcp::scan(*kept.back());
}

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
        std::pair{R"([])", "invalid_request"}, std::pair{R"(3)", "invalid_request"},
        std::pair{R"({"jsonrpc":"1.0","id":1,"method":"a"})", "invalid_request"},
        std::pair{R"({"id":1,"method":"a"})", "invalid_request"},
        std::pair{R"({"jsonrpc":"2.0","id":1.5,"method":"a"})", "invalid_request"},
        std::pair{R"({"jsonrpc":"2.0","id":{},"method":"a"})", "invalid_request"},
        std::pair{R"({"jsonrpc":"2.0","id":1})", "invalid_request"},
        std::pair{R"({"jsonrpc":"2.0","id":1,"method":7})", "invalid_request"},
        std::pair{R"({"jsonrpc":"2.0","id":1,"method":"a","method":"b"})", "invalid_request"},
        std::pair{R"({"jsonrpc":"2.0","id":1,"method":"a","m\u0065thod":"b"})", "invalid_request"},
        std::pair{R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","name":"b"}})",
                  "invalid_request"},
        std::pair{R"({"jsonrpc":"2.0","id":1,"method":"a","params":[1]})", "invalid_request"},
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
  std::string text = R"( [ {"a":1} , {"b":[2]} ] )";
  text.reserve(text.size() + mcp::kPadding);
  EXPECT_TRUE(mcp::is_batch(text));
  const auto parts = mcp::split_batch(text, 10);
  ASSERT_TRUE(parts);
  EXPECT_THAT(*parts, testing::ElementsAre(R"({"a":1})", R"({"b":[2]})"));
  EXPECT_EQ(mcp::split_batch(text, 1).error().kind, base::Kind::too_many);
}

TEST(Splice, ReplacesIdAndNameInOneGather) {
  const auto text = std::string(R"({"params":{"name":"v__t"},"id":12})") + std::string(64, ' ');
  const std::string_view view(text.data(), text.size() - 64);
  json::Splice splice(view);
  splice.replace(view.substr(view.find("12"), 2), "99");
  splice.replace(view.substr(view.find("\"v__t\""), 6), "\"t\"");
  EXPECT_EQ(splice.str(), R"({"params":{"name":"t"},"id":99})");
}

TEST(ToolName, ShortLegalNamesStayReadable) { EXPECT_EQ(mcp::unified_name("hudu", "search"), "hudu__search"); }

TEST(ToolName, LongAndIllegalNamesBecomeLegalAndStayDifferent) {
  const auto a = mcp::unified_name("hudu", std::string(80, 'x') + "a");
  const auto b = mcp::unified_name("hudu", std::string(80, 'x') + "b");
  EXPECT_LE(a.size(), mcp::kMaxToolName);
  EXPECT_NE(a, b);
  EXPECT_NE(mcp::unified_name("hudu", "a.b"), mcp::unified_name("hudu", "a b"));
  EXPECT_EQ(mcp::split_unified_name(a)->vendor, "hudu");
}

TEST(Revision, UnknownIsAnsweredWithTheNewest) {
  EXPECT_EQ(mcp::negotiate("2025-03-26"), "2025-03-26");
  EXPECT_EQ(mcp::negotiate("1999-01-01"), "2025-11-25");
}

TEST(Error, MessageIsEscaped) {
  EXPECT_EQ(mcp::error_response("1", -32602, "a \"b\""),
            R"({"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"a \"b\""}})");
}

}  // namespace
