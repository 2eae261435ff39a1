#include "mcp/request_headers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture.hpp"

namespace {

using mcp::tests::keep;
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

// The conformance suite's scenario json-schema-ref-no-deref: nothing is fetched, and nothing is wrong.
TEST(MirroredParameters, AReferenceIsNotFollowed) {
  const auto found = mcp::mirrored_parameters(
      tool(R"({"type":"object","$defs":{"userId":{"type":"string"}},"properties":{"id":{"$ref":"#/$defs/userId"},)"
           R"("profile":{"$ref":"http://127.0.0.1:1/x-mcp-header"}}})"));
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_THAT(*found, IsEmpty());
}

TEST(MirroredParameters, AnAnnotationIsFoundBehindAnEscape) {
  const auto found = mcp::mirrored_parameters(property(R"({"type":"string","x-mcp-h\u0065ader":"Region"})"));
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->size(), 1U);
}

TEST(MirroredParameters, InstancesAndPropertiesOfThatNameAreNoAnnotations) {
  for (const std::string_view schema :
       {R"({"properties":{"x-mcp-header":{"type":"object"}}})", R"({"default":{"x-mcp-header":"A"}})",
        R"({"properties":{"a":{"enum":[{"x-mcp-header":"A"}]}}})",
        R"({"items":{"properties":{"x-mcp-header":{"type":"string"}}}})", "7", "[]"}) {
    const auto found = mcp::mirrored_parameters(tool(schema));
    ASSERT_TRUE(found) << schema << found.error().message;
    EXPECT_THAT(*found, IsEmpty()) << schema;
  }
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
        std::pair(property(R"({"type":"object","x-mcp-header":"N"})"), "a string, an integer or a boolean"),
        std::pair(property(R"({"type":"null","x-mcp-header":"N"})"), "a string, an integer or a boolean"),
        std::pair(property(R"({"x-mcp-header":"N"})"), "a string, an integer or a boolean"),
        std::pair(property(R"({"type":["string","null"],"x-mcp-header":"N"})"), "a string, an integer or a boolean"),
        std::pair(property(R"({"type":"string","x-mcp-header":"Region:Primary"})"), "no HTTP field name"),
        std::pair(property(R"({"type":"string","x-mcp-header":"Région"})"), "no HTTP field name"),
        std::pair(property(R"({"type":"string","x-mcp-header":"Region\t1"})"), "no HTTP field name"),
        std::pair(property(R"({"anyOf":[{"type":"string","x-mcp-header":"N"}]})"), "below \"anyOf\""),
        std::pair(property(R"({"if":{"x-mcp-header":7}})"), "below \"if\""),
        std::pair(
            tool(
                R"({"properties":{"a":{"type":"string","x-mcp-header":"Same"},"b":{"type":"string","x-mcp-header":"SAME"}}})"),
            "stands twice"),
        std::pair(property(R"({"type":"array","items":{"type":"string","x-mcp-header":"N"}})"), "below \"items\""),
        std::pair(tool(R"({"oneOf":[{"properties":{"a":{"type":"string","x-mcp-header":"N"}}}]})"), "below \"oneOf\""),
        std::pair(tool(R"({"$defs":{"a":{"type":"string","x-mcp-header":"N"}}})"), "below \"$defs\""),
        std::pair(tool(R"({"type":"object","x-mcp-header":"N"})"), "no property")));

std::vector<mcp::MirroredParameter> parameters(std::initializer_list<std::string> names) {
  std::vector<mcp::MirroredParameter> out;
  for (const auto& name : names) out.push_back({"Mcp-Param-" + name, {name}});
  return out;
}

TEST(ParameterHeaders, SayStringsIntegersAndBooleansAndLeaveNullOut) {
  auto all = parameters({"s", "i", "f", "n", "o", "l", "gone"});
  all.push_back({"Mcp-Param-B", {"deep", "b"}});
  all.push_back({"Mcp-Param-None", {"s", "x"}});
  EXPECT_THAT(
      mcp::parameter_headers(all, keep(R"({"s":"世","i":-7,"f":false,"deep":{"b":true},"n":null,"o":{},"l":[1]})")),
      ElementsAre(Pair("Mcp-Param-s", "=?base64?5LiW?="), Pair("Mcp-Param-i", "-7"), Pair("Mcp-Param-f", "false"),
                  Pair("Mcp-Param-B", "true")));
  EXPECT_THAT(mcp::parameter_headers(all, ""), IsEmpty());
  EXPECT_THAT(mcp::parameter_headers(all, keep("[1]")), IsEmpty());
  EXPECT_THAT(mcp::parameter_headers(all, keep(R"({"deep":7})")), IsEmpty());
}

TEST(ParameterHeaders, SayIntegersInDecimal) {
  for (const auto& [body, field] :
       std::vector<std::pair<std::string, std::string>>{{"42.0", "42"},
                                                        {"4.2e1", "42"},
                                                        {"-0", "0"},
                                                        {"9007199254740991", "9007199254740991"},
                                                        {"18446744073709551617", "18446744073709551617"},
                                                        {"3.5", "3.5"}}) {
    EXPECT_THAT(mcp::parameter_headers(parameters({"i"}), keep("{\"i\":" + body + "}")),
                ElementsAre(Pair("Mcp-Param-i", field)));
  }
}

http::Headers headers(std::vector<std::pair<std::string, std::string>> fields) {
  http::Headers out;
  for (const auto& [name, value] : fields) out.add(name, value);
  return out;
}

struct Sent {
  std::vector<std::pair<std::string, std::string>> fields;
  std::string arguments;
  std::string complaint;  // "" when they fit
};

class CheckParameterHeaders : public testing::TestWithParam<Sent> {};

TEST_P(CheckParameterHeaders, TheySayWhatTheArgumentsSay) {
  auto all = parameters({"a", "b"});
  all.push_back({"Mcp-Param-Deep", {"deep", "x"}});
  const auto checked = mcp::check_parameter_headers(headers(GetParam().fields), all, keep(GetParam().arguments));
  EXPECT_EQ(checked.has_value(), GetParam().complaint.empty()) << GetParam().arguments;
  if (checked) return;
  EXPECT_EQ(checked.error().kind, base::Kind::invalid);
  EXPECT_EQ(checked.error().code, "header_mismatch");
  EXPECT_THAT(checked.error().message, HasSubstr(GetParam().complaint));
}

INSTANTIATE_TEST_SUITE_P(
    Table, CheckParameterHeaders,
    testing::Values(
        // The conformance suite's scenario http-custom-header-server-validation.
        Sent{{{"Mcp-Param-a", "=?base64?SGVsbG8=?="}}, R"({"a":"Hello"})", ""},
        Sent{{{"Mcp-Param-a", "=?base64?SGVsbG8?="}}, R"({"a":"Hello"})", "bad Base64"},
        Sent{{{"Mcp-Param-a", "=?base64?SGVs!!!bG8=?="}}, R"({"a":"Hello"})", "bad Base64"},
        Sent{{{"Mcp-Param-a", "SGVsbG8="}}, R"({"a":"SGVsbG8="})", ""},
        Sent{{{"Mcp-Param-a", "=?base64?SGVsbG8="}}, R"({"a":"=?base64?SGVsbG8="})", ""},
        Sent{{}, R"({"a":"Hello"})", "Mcp-Param-a header is missing; the body says 'Hello'"},
        // Strings, byte for byte.
        Sent{{{"mcp-param-A", "Hello"}}, R"({"a":"Hello"})", ""},
        Sent{{{"Mcp-Param-a", "hello"}}, R"({"a":"Hello"})", "'hello' does not match body value 'Hello'"},
        Sent{{{"Mcp-Param-a", ""}}, R"({"a":""})", ""}, Sent{{}, R"({"a":""})", "missing"},
        Sent{{{"Mcp-Param-a", "caf\xc3\xa9"}}, R"({"a":"café"})", "characters"},
        Sent{{{"Mcp-Param-a", "42.0"}}, R"({"a":"42"})", "does not match"},
        Sent{{{"Mcp-Param-a", "x"}}, R"({"\u0061":"\u0078"})", ""},
        // Integers, by value.
        Sent{{{"Mcp-Param-a", "42"}}, R"({"a":42})", ""}, Sent{{{"Mcp-Param-a", "42.0"}}, R"({"a":42})", ""},
        Sent{{{"Mcp-Param-a", "42"}}, R"({"a":4.2e1})", ""}, Sent{{{"Mcp-Param-a", "43"}}, R"({"a":42})", "'43'"},
        Sent{{{"Mcp-Param-a", "4.2e1"}}, R"({"a":42})", "'4.2e1'"},
        Sent{{{"Mcp-Param-a", "0x2a"}}, R"({"a":42})", "'0x2a'"},
        Sent{{{"Mcp-Param-a", "inf"}}, R"({"a":42})", "'inf'"}, Sent{{{"Mcp-Param-a", "-"}}, R"({"a":0})", "'-'"},
        Sent{{{"Mcp-Param-a", "9007199254740993"}}, R"({"a":9007199254740993})", ""},
        Sent{{{"Mcp-Param-a", "9007199254740992"}}, R"({"a":9007199254740993})", "does not match"},
        Sent{{{"Mcp-Param-a", "3.5"}}, R"({"a":3.50})", ""},
        // Booleans.
        Sent{{{"Mcp-Param-a", "true"}}, R"({"a":true})", ""},
        Sent{{{"Mcp-Param-a", "True"}}, R"({"a":true})", "does not match"},
        // No value, no field.
        Sent{{}, R"({"a":null})", ""}, Sent{{}, R"({"a":{},"b":[]})", ""}, Sent{{}, "", ""}, Sent{{}, "{}", ""},
        Sent{{{"Mcp-Param-a", "42"}}, "{}", "no such value in the body"},
        Sent{{{"Mcp-Param-a", "null"}}, R"({"a":null})", "no such value in the body"},
        Sent{{{"Mcp-Param-Other", "x"}}, "{}", ""}, Sent{{{"Mcp-Param-Deep", "1"}}, R"({"deep":{"x":1}})", ""},
        Sent{{}, R"({"deep":{"x":1}})", "missing"},
        // What readers could disagree about.
        Sent{{{"Mcp-Param-a", "x"}, {"mcp-param-a", "y"}}, R"({"a":"x"})", "stands twice"},
        Sent{{{"Mcp-Param-a", "x"}}, R"({"a":"y","a":"x"})", "stands twice"},
        Sent{{{"Mcp-Param-Deep", "1"}}, R"({"deep":{"x":2,"\u0078":1}})", "stands twice"}));

TEST(CheckParameterHeadersOfADeepBody, TheyAreFound) {
  std::string deep = R"({"a":"x","z":)" + std::string(100, '[') + std::string(100, ']') + "}";
  EXPECT_FALSE(mcp::check_parameter_headers(headers({}), parameters({"a"}), keep(deep)));
  EXPECT_TRUE(mcp::check_parameter_headers(headers({{"Mcp-Param-a", "x"}}), parameters({"a"}), keep(deep)));
}

struct Case {
  std::string name;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string complaint;  // "" when it is right
};

class RequestHeaders : public testing::TestWithParam<Case> {};

TEST_P(RequestHeaders, MustSayWhatTheBodySays) {
  const std::string_view body =
      R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"wetter_für","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}})";
  const auto envelope = mcp::tests::scan(body);
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
             "bad Base64"},
        Case{"TwoNames",
             {{"MCP-Protocol-Version", "2026-07-28"},
              {"Mcp-Method", "tools/call"},
              {"Mcp-Name", kName},
              {"mcp-name", "x"}},
             "stands twice"},
        Case{"OtherBytes",
             {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", "tools/call\xff"}, {"Mcp-Name", kName}},
             "'(not UTF-8)' does not match"}),
    [](const auto& info) { return info.param.name; });

base::Result<void> check(std::string_view method, std::string_view params, std::optional<std::string> name) {
  const auto envelope = mcp::tests::scan(R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) +
                                         R"(","params":)" + std::string(params) + "}");
  auto fields = headers({{"MCP-Protocol-Version", ""}, {"Mcp-Method", std::string(method)}});
  if (name) fields.add("Mcp-Name", *name);
  return mcp::check_request_headers(fields, *envelope);
}

TEST(McpName, IsRequiredWhereTheSpecificationSays) {
  EXPECT_FALSE(check("tools/call", R"({"name":"a"})", {}));
  EXPECT_FALSE(check("prompts/get", R"({"name":"a"})", {}));
  EXPECT_FALSE(check("resources/read", R"({"uri":"a"})", {}));
  EXPECT_TRUE(check("resources/read", R"({"uri":"file:///projects/myapp/config.json","name":"b"})",
                    "file:///projects/myapp/config.json"));
  EXPECT_FALSE(check("tools/call", "{}", "a"));
  EXPECT_TRUE(check("tools/list", "{}", {}));
}

TEST(McpName, MustBeRightWhereItStands) {
  EXPECT_TRUE(check("tools/list", "{}", "whatever"));
  EXPECT_TRUE(check("x/y", R"({"name":"a"})", {}));
  EXPECT_TRUE(check("x/y", R"({"name":"a"})", "a"));
  EXPECT_FALSE(check("x/y", R"({"name":"a"})", "b"));
  EXPECT_TRUE(check("tasks/get", R"({"taskId":"t1","name":"a"})", "t1"));
  EXPECT_TRUE(check("tasks/get", R"({"taskId":"t1"})", {}));
  EXPECT_FALSE(check("tasks/get", R"({"taskId":"t1"})", "t2"));
}

}  // namespace
