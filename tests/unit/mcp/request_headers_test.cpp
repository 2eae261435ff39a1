#include "mcp/request_headers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

std::string tool(std::string_view schema) { return R"({"name":"t","inputSchema":)" + std::string(schema) + "}"; }

std::string property(std::string_view body) {
  return tool(R"({"type":"object","properties":{"region":)" + std::string(body) + "}}");
}

TEST(MirroredParameters, AreFoundOnChainsOfProperties) {
  const auto found = mcp::mirrored_parameters(
      tool(R"({"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"},)"
           R"("deep":{"type":"object","properties":{"on":{"type":"boolean","x-mcp-header":"On"}}}}})"));
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_EQ(found->size(), 2U);
  EXPECT_EQ((*found)[0].header, "Mcp-Param-Region");
  EXPECT_THAT((*found)[0].path, ElementsAre("region"));
  EXPECT_THAT((*found)[1].path, ElementsAre("deep", "on"));
}

TEST(MirroredParameters, AToolWithoutAnnotationsHasNone) {
  const auto found = mcp::mirrored_parameters(property(R"({"type":"string"})"));
  ASSERT_TRUE(found);
  EXPECT_THAT(*found, IsEmpty());
}

class BadAnnotation : public testing::TestWithParam<std::pair<std::string, std::string>> {};

TEST_P(BadAnnotation, SpoilsItsTool) {
  const auto found = mcp::mirrored_parameters(GetParam().first);
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().message, HasSubstr(GetParam().second));
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadAnnotation,
    testing::Values(
        std::pair(property(R"({"type":"string","x-mcp-header":""})"), "must be a name"),
        std::pair(property(R"({"type":"string","x-mcp-header":7})"), "must be a name"),
        std::pair(property(R"({"type":"string","x-mcp-header":"a b"})"), "no HTTP field name"),
        std::pair(property(R"({"type":"string","x-mcp-header":"a\r\nX: y"})"), "no HTTP field name"),
        std::pair(property(R"({"type":"number","x-mcp-header":"N"})"), "a string, an integer or a boolean"),
        std::pair(property(R"({"type":"array","x-mcp-header":"N"})"), "a string, an integer or a boolean"),
        std::pair(
            tool(
                R"({"properties":{"a":{"type":"string","x-mcp-header":"Same"},"b":{"type":"string","x-mcp-header":"SAME"}}})"),
            "stands twice"),
        std::pair(property(R"({"type":"array","items":{"type":"string","x-mcp-header":"N"}})"), "below \"items\""),
        std::pair(tool(R"({"oneOf":[{"properties":{"a":{"type":"string","x-mcp-header":"N"}}}]})"), "below \"oneOf\""),
        std::pair(tool(R"({"$defs":{"a":{"type":"string","x-mcp-header":"N"}}})"), "below \"$defs\""),
        std::pair(tool(R"({"type":"object","x-mcp-header":"N"})"), "no property")));

TEST(ParameterHeaders, SayStringsIntegersAndBooleansAndLeaveNullOut) {
  const std::vector<mcp::MirroredParameter> parameters{{"Mcp-Param-S", {"s"}},
                                                       {"Mcp-Param-I", {"i"}},
                                                       {"Mcp-Param-B", {"deep", "b"}},
                                                       {"Mcp-Param-N", {"n"}},
                                                       {"Mcp-Param-Gone", {"gone"}}};
  EXPECT_THAT(
      mcp::parameter_headers(parameters, R"({"s":"世","i":-7,"deep":{"b":true},"n":null})"),
      ElementsAre(Pair("Mcp-Param-S", "=?base64?5LiW?="), Pair("Mcp-Param-I", "-7"), Pair("Mcp-Param-B", "true")));
}

http::Headers headers(std::vector<std::pair<std::string, std::string>> fields) {
  http::Headers out;
  for (const auto& [name, value] : fields) out.add(name, value);
  return out;
}

TEST(ParameterHeaders, AreCheckedAgainstTheBody) {
  const std::vector<mcp::MirroredParameter> parameters{{"Mcp-Param-I", {"i"}}};
  EXPECT_TRUE(mcp::check_parameter_headers(headers({{"mcp-param-i", "42.0"}}), parameters, R"({"i":42})"));
  EXPECT_TRUE(mcp::check_parameter_headers(headers({}), parameters, R"({"i":null})"));
  EXPECT_TRUE(mcp::check_parameter_headers(headers({}), parameters, {}));
  EXPECT_FALSE(mcp::check_parameter_headers(headers({}), parameters, R"({"i":42})"));
  EXPECT_FALSE(mcp::check_parameter_headers(headers({{"Mcp-Param-I", "43"}}), parameters, R"({"i":42})"));
  EXPECT_FALSE(mcp::check_parameter_headers(headers({{"Mcp-Param-I", "42"}}), parameters, "{}"));
  EXPECT_TRUE(mcp::check_parameter_headers(headers({{"Mcp-Param-Other", "x"}}), parameters, "{}"));
}

struct Case {
  std::string name;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string complaint;  // "" when it is right
};

class RequestHeaders : public testing::TestWithParam<Case> {};

TEST_P(RequestHeaders, MustSayWhatTheBodySays) {
  std::string body =
      R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"wetter_für","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}})";
  body.reserve(body.size() + mcp::kPadding);
  const auto envelope = mcp::scan(body);
  ASSERT_TRUE(envelope);
  const auto checked = mcp::check_request_headers(headers(GetParam().fields), *envelope);
  EXPECT_EQ(checked.has_value(), GetParam().complaint.empty());
  if (!checked) {
    EXPECT_EQ(checked.error().code, "header_mismatch");
    EXPECT_THAT(checked.error().message, HasSubstr(GetParam().complaint));
  }
}

const std::string kName = "=?base64?d2V0dGVyX2bDvHI=?=";

INSTANTIATE_TEST_SUITE_P(
    Table, RequestHeaders,
    testing::Values(
        Case{"Right", {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", "tools/call"}, {"Mcp-Name", kName}}, ""},
        Case{
            "NoVersion", {{"Mcp-Method", "tools/call"}, {"Mcp-Name", kName}}, "MCP-Protocol-Version header is missing"},
        Case{"OtherVersion",
             {{"MCP-Protocol-Version", "2025-11-25"}, {"Mcp-Method", "tools/call"}, {"Mcp-Name", kName}},
             "'2025-11-25' does not match"},
        Case{"NoMethod", {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Name", kName}}, "Mcp-Method header is missing"},
        Case{"MethodInOtherCase",
             {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", "Tools/Call"}, {"Mcp-Name", kName}},
             "'Tools/Call' does not match"},
        Case{"NoName",
             {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", "tools/call"}},
             "Mcp-Name header is missing"},
        Case{"OtherName",
             {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", "tools/call"}, {"Mcp-Name", "foo"}},
             "'foo' does not match"},
        Case{"BadBase64",
             {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", "tools/call"}, {"Mcp-Name", "=?base64?%?="}},
             "bad Base64"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
