#include "mcp/modern_request.hpp"

#include <gtest/gtest.h>

#include "fixture.hpp"

namespace {

using mcp::tests::changed;

constexpr mcp::RequestMeta kMeta{.protocol_version = "2026-07-28",
                                 .client_info = R"({"name":"c","version":"1"})",
                                 .client_capabilities = "{}",
                                 .log_level = ""};
constexpr std::string_view kMembers = R"("io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
                                      R"("io.modelcontextprotocol/clientInfo":{"name":"c","version":"1"},)"
                                      R"("io.modelcontextprotocol/clientCapabilities":{})";

// "@" stands for the members of kMeta.
std::string filled(std::string_view pattern) {
  std::string out(pattern);
  if (const auto at = out.find('@'); at != std::string::npos) out.replace(at, 1, kMembers);
  return out;
}

std::string with(std::string_view text, const mcp::RequestMeta& meta = kMeta) {
  return changed(text, [&](auto kept, const auto& envelope) { return mcp::with_request_meta(kept, envelope, meta); });
}

std::string without(std::string_view text) {
  return changed(text, [](auto kept, const auto& envelope) { return mcp::without_request_meta(kept, envelope); });
}

std::string with_input(std::string_view text, std::string_view responses, std::string_view state) {
  return changed(text, [&](auto kept, const auto& envelope) {
    return mcp::with_input_responses(kept, envelope, responses, state);
  });
}

struct Case {
  std::string_view before;
  std::string_view after;
};

class WithRequestMeta : public testing::TestWithParam<Case> {};

TEST_P(WithRequestMeta, AddsItWhereItBelongs) { EXPECT_EQ(with(GetParam().before), filled(GetParam().after)); }

INSTANTIATE_TEST_SUITE_P(
    Requests, WithRequestMeta,
    testing::Values(
        Case{R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})",
             R"({"params":{"_meta":{@}},"jsonrpc":"2.0","id":1,"method":"tools/list"})"},
        Case{R"( { "jsonrpc":"2.0","id":1,"method":"tools/list"} )",
             R"( {"params":{"_meta":{@}}, "jsonrpc":"2.0","id":1,"method":"tools/list"} )"},
        Case{R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}})",
             R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{@}}})"},
        Case{R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params": { }})",
             R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params": {"_meta":{@} }})"},
        Case{R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{ "name":"a"}})",
             R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"_meta":{@}, "name":"a"}})"},
        Case{R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"_meta":{},"name":"a"}})",
             R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"_meta":{@},"name":"a"}})"},
        Case{
            R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"name":"a","_meta":{"progressToken":"p", "x/y":[1]}}})",
            R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"name":"a","_meta":{@,"progressToken":"p", "x/y":[1]}}})"},
        // What stands there already goes: first, in the middle, last, all of it, and by an escaped key.
        Case{
            R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"x","a":1}}})",
            R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"_meta":{@,"a":1}}})"},
        Case{
            R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"_meta":{"a":1,"io.modelcontextprotocol/logLevel":"info" , "b":2}}})",
            R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"_meta":{@,"a":1,"b":2}}})"},
        Case{
            R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"_meta":{"a":1 , "io.modelcontextprotocol/clientInfo":{"x":[{}]} }}})",
            R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"_meta":{@,"a":1 }}})"},
        Case{
            R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"_meta":{ "io.modelcontextprotocol/clientInfo":{},"io.modelcontextprotocol/clientCapabilities":7 }}})",
            R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"_meta":{@  }}})"},
        Case{
            R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"_meta":{"io.modelcontextprotocol\u002fclientInfo":{},"a":1,"io.modelcontextprotocol/clientCapabilities":{"x":{}}}}})",
            R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"_meta":{@,"a":1}}})"},
        // Other keys of the reserved prefix are none of these.
        Case{
            R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"_meta":{"io.modelcontextprotocol/related-task":{"taskId":"t"}}}})",
            R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"_meta":{@,"io.modelcontextprotocol/related-task":{"taskId":"t"}}}})"},
        // Only the message's own _meta counts.
        Case{
            R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"arguments":{"_meta":{"io.modelcontextprotocol/clientInfo":1}}}})",
            R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"_meta":{@},"arguments":{"_meta":{"io.modelcontextprotocol/clientInfo":1}}}})"}));

TEST(WithRequestMetaFields, EmptyOnesAreLeftOutAndTheLevelIsAdded) {
  EXPECT_EQ(
      with(R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"_meta":{"io.modelcontextprotocol/clientInfo":{}}}})",
           {.protocol_version = "2026-07-28",
            .client_info = "",
            .client_capabilities = R"({"roots":{}})",
            .log_level = "debug"}),
      R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
      R"("io.modelcontextprotocol/clientCapabilities":{"roots":{}},"io.modelcontextprotocol/logLevel":"debug"}}})");
}

class WithoutRequestMeta : public testing::TestWithParam<Case> {};

TEST_P(WithoutRequestMeta, KeepsEverythingElse) { EXPECT_EQ(without(GetParam().before), GetParam().after); }

INSTANTIATE_TEST_SUITE_P(
    Requests, WithoutRequestMeta,
    testing::Values(
        Case{R"({"jsonrpc":"2.0","id":1,"method":"ping"})", R"({"jsonrpc":"2.0","id":1,"method":"ping"})"},
        Case{
            R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"name":"a","requestState":"s","inputResponses":{"k":{}},"_meta":{"progressToken":1,"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"traceparent":"00"}}})",
            R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"name":"a","_meta":{"progressToken":1,"traceparent":"00"}}})"},
        Case{
            R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}},"requestState":"s"}})",
            R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"_meta":{}}})"},
        Case{R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"requestState":"s"}})",
             R"({"jsonrpc":"2.0","id":1,"method":"a","params":{}})"}));

TEST(WithInputResponses, ReplacesThemOrLeavesThemOut) {
  constexpr std::string_view kRetry =
      R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"name":"a","inputResponses":{"old":{}},"requestState":"old"}})";
  EXPECT_EQ(
      with_input(kRetry, R"({"k":{"action":"accept"}})", R"("new")"),
      R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"inputResponses":{"k":{"action":"accept"}},"requestState":"new","name":"a"}})");
  EXPECT_EQ(with_input(kRetry, "", R"("new")"),
            R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"requestState":"new","name":"a"}})");
  EXPECT_EQ(with_input(kRetry, "", ""), R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"name":"a"}})");
}

TEST(WithInputResponses, AreAddedToAFirstRequest) {
  EXPECT_EQ(with_input(R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"name":"a"}})", "{}", ""),
            R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"inputResponses":{},"name":"a"}})");
  EXPECT_EQ(with_input(R"({"jsonrpc":"2.0","id":1,"method":"a"})", "", R"("s")"),
            R"({"params":{"requestState":"s"},"jsonrpc":"2.0","id":1,"method":"a"})");
}

struct MetaCase {
  std::string_view meta;
  std::string_view named;  // what the error names; "" for none
};

class CheckRequestMeta : public testing::TestWithParam<MetaCase> {};

TEST_P(CheckRequestMeta, NamesWhatIsMissingOrBad) {
  const std::string text =
      R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"_meta":)" + std::string(GetParam().meta) + "}}";
  const auto checked = mcp::check_request_meta(*mcp::tests::scan(text));
  EXPECT_EQ(checked.has_value(), GetParam().named.empty()) << text;
  if (checked) return;
  EXPECT_EQ(checked.error().kind, base::Kind::invalid);
  EXPECT_EQ(checked.error().code, "invalid_params");
  EXPECT_NE(checked.error().message.find(GetParam().named), std::string::npos) << checked.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Metas, CheckRequestMeta,
    testing::Values(
        MetaCase{
            R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}})",
            ""},
        MetaCase{
            R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/clientInfo":{"name":"a","version":"1"},"io.modelcontextprotocol/logLevel":"emergency"})",
            ""},
        MetaCase{"{}", "io.modelcontextprotocol/protocolVersion"},
        MetaCase{R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28"})",
                 "io.modelcontextprotocol/clientCapabilities"},
        MetaCase{
            R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":[]})",
            "io.modelcontextprotocol/clientCapabilities"},
        MetaCase{
            R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/clientInfo":"x"})",
            "io.modelcontextprotocol/clientInfo"},
        MetaCase{
            R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/logLevel":"loud"})",
            "\"loud\""}));

}  // namespace
