#include "mcp/response.hpp"

#include <gtest/gtest.h>

#include "fixture.hpp"

namespace {

using mcp::tests::keep;

std::string answer(std::string_view result) {
  return R"({"jsonrpc":"2.0","id":1,"result":)" + std::string(result) + "}";
}

base::Result<mcp::ResponseView> read(std::string_view response) { return mcp::read_response(keep(response)); }

std::string to_modern(std::string_view response, std::string_view method, const mcp::ResultHints& hints = {}) {
  const auto kept = keep(response);
  const auto view = mcp::read_response(kept);
  EXPECT_TRUE(view) << response << ": " << view.error().message;
  return view ? mcp::to_modern_response(kept, *view, method, hints) : std::string();
}

// 2026-07-28 basic/patterns/mrtr, "InputRequiredResult".
TEST(Response, FindsTheInputThatIsRequired) {
  const auto r = read(R"({"jsonrpc":"2.0","id":"a","result":{"resultType":"input_required",)"
                      R"("inputRequests": {"github_login":{"method":"elicitation/create","params":{}}} ,)"
                      R"("requestState":"AEAD-protected \"blob\"","_meta":{"a":1}}})");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->id, "\"a\"");
  EXPECT_EQ(r->result_type, "input_required");
  EXPECT_EQ(r->input_requests, R"({"github_login":{"method":"elicitation/create","params":{}}})");
  EXPECT_EQ(r->request_state, R"("AEAD-protected \"blob\"")");
  EXPECT_EQ(r->meta, R"({"a":1})");
  EXPECT_TRUE(r->object.starts_with(R"({"resultType")"));
  EXPECT_TRUE(r->object.ends_with(R"({"a":1}})"));
  EXPECT_EQ(r->error.data(), nullptr);
}

TEST(Response, FindsTheCodeOfAnError) {
  const auto r = read(R"({"jsonrpc":"2.0","id":1,"error":{"message":"x","code": -32042 ,"data":{"elicitations":[]}}})");
  ASSERT_TRUE(r);
  EXPECT_EQ(r->error_code, -32042);
  EXPECT_EQ(r->error, R"({"message":"x","code": -32042 ,"data":{"elicitations":[]}})");
  EXPECT_EQ(r->object.data(), nullptr);
  // A request whose id could not be read.
  EXPECT_EQ(read(R"({"jsonrpc":"2.0","id":null,"error":{"code":99999999999,"message":"x"}})")->error_code, 0);
}

TEST(Response, CachingHintsAreReadTheCarefulWay) {
  const auto hints = [](std::string_view members) { return *read(answer("{" + std::string(members) + "}")); };
  EXPECT_EQ(hints(R"("ttlMs":300000,"cacheScope":"public")").ttl, 300000);
  EXPECT_EQ(hints(R"("ttlMs":300000,"cacheScope":"public")").cache_scope, "public");
  EXPECT_EQ(hints(R"("ttlMs":3e5)").ttl, 300000);
  EXPECT_EQ(hints(R"("ttlMs":-1)").ttl, 0);
  // A task that is kept for ever (the tasks extension).
  EXPECT_EQ(hints(R"("resultType":"task","taskId":"t","ttlMs":null)").ttl, 0);
  EXPECT_EQ(hints(R"("ttlMs":1e300)").ttl, 9'007'199'254'740'991);
  EXPECT_EQ(hints(R"("cacheScope":"everybody")").cache_scope, "private");
  EXPECT_EQ(hints(R"("tools":[])").ttl, std::nullopt);
  EXPECT_EQ(hints(R"("tools":[])").cache_scope, "");
}

class NoResponse : public testing::TestWithParam<std::string_view> {};

TEST_P(NoResponse, IsRefused) {
  const auto r = read(GetParam());
  ASSERT_FALSE(r) << GetParam();
  EXPECT_EQ(r.error().kind, base::Kind::invalid);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, NoResponse,
    testing::Values("", "{", "[]", "7", R"({"jsonrpc":"2.0","id":1})", R"({"jsonrpc":"2.0","id":1,"result":[]})",
                    R"({"jsonrpc":"2.0","id":1,"result":null})", R"({"jsonrpc":"2.0","id":1,"error":"x"})",
                    R"({"jsonrpc":"2.0","id":1,"result":{},"error":{}})", R"({"id":1,"result":{},"result":{}})",
                    R"({"result":{"a":1,"\u0061":2}})", R"({"result":{"_meta":{"a":1,"a":2}}})",
                    R"({"result":{"_meta":7}})", R"({"result":{"resultType":7}})", R"({"result":{"resultType":""}})",
                    R"({"result":{"requestState":{}}})", R"({"result":{"inputRequests":[]}})",
                    R"({"result":{"ttlMs":"5"}})", R"({"result":{"cacheScope":null}})",
                    R"({"error":{"code":1,"code":2}})"));

struct Case {
  std::string_view method;
  std::string_view before;
  std::string_view after;
};

class ToModern : public testing::TestWithParam<Case> {};

TEST_P(ToModern, AddsWhatIsMissing) {
  EXPECT_EQ(to_modern(answer(GetParam().before), GetParam().method, {.ttl = 60'000, .cache_scope = "private"}),
            answer(GetParam().after));
}

INSTANTIATE_TEST_SUITE_P(
    Results, ToModern,
    testing::Values(
        Case{"tools/call", "{}", R"({"resultType":"complete"})"},
        Case{"tools/call", R"({ "content":[]})", R"({"resultType":"complete", "content":[]})"},
        Case{"tools/call", R"({"content":[],"resultType":"complete"})", R"({"content":[],"resultType":"complete"})"},
        Case{"tools/call", R"({"resultType":"task","taskId":"t"})", R"({"resultType":"task","taskId":"t"})"},
        Case{"tools/list", R"({"tools":[]})",
             R"({"resultType":"complete","ttlMs":60000,"cacheScope":"private","tools":[]})"},
        Case{"tools/list", R"({"tools":[],"ttlMs":5})",
             R"({"resultType":"complete","cacheScope":"private","tools":[],"ttlMs":5})"},
        Case{"server/discover", R"({"cacheScope":"public","resultType":"complete"})",
             R"({"ttlMs":60000,"cacheScope":"public","resultType":"complete"})"},
        Case{"resources/read", R"({"resultType":"input_required","requestState":"s"})",
             R"({"resultType":"input_required","requestState":"s"})"}));

TEST(ToModernServerInfo, StandsInTheMetaUnlessTheVendorSaidItself) {
  const mcp::ResultHints hints{.server_info = R"({"name":"v","version":"1"})"};
  EXPECT_EQ(
      to_modern(answer(R"({"a":1})"), "x", hints),
      answer(
          R"({"resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"v","version":"1"}},"a":1})"));
  EXPECT_EQ(
      to_modern(answer(R"({"resultType":"complete","_meta":{}})"), "x", hints),
      answer(R"({"resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"v","version":"1"}}})"));
  EXPECT_EQ(
      to_modern(answer(R"({"_meta":{"b":2}})"), "x", hints),
      answer(
          R"({"resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"v","version":"1"},"b":2}})"));
  EXPECT_EQ(to_modern(answer(R"({"_meta":{"io.modelcontextprotocol/serverInfo":{}}})"), "x", hints),
            answer(R"({"resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":{}}})"));
  EXPECT_EQ(to_modern(answer(R"({"resultType":"input_required"})"), "tools/call", hints),
            answer(R"({"resultType":"input_required"})"));
}

TEST(ToModernError, ResourceNotFoundHasTheModernCode) {
  constexpr std::string_view kNotFound =
      R"({"jsonrpc":"2.0","id":1,"error":{"code":-32002,"message":"no","data":{"uri":"x"}}})";
  EXPECT_EQ(to_modern(kNotFound, "resources/read"),
            R"({"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"no","data":{"uri":"x"}}})");
  EXPECT_EQ(to_modern(kNotFound, "tools/call"), kNotFound);
}

}  // namespace
