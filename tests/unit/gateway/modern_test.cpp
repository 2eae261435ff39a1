// The modern era on the endpoints: what is wrong with a request, and what comes of one that is right.
#include "fixture.hpp"

namespace {

using gateway_test::GatewayTest;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kMeta =
    R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}})";

using Headers = std::vector<std::pair<std::string, std::string>>;

class ModernEra : public GatewayTest {
 protected:
  static std::string call(std::string_view params) {
    return R"({"jsonrpc":"2.0","id":7,"method":"tools/call","params":{)" + std::string(params) + "}}";
  }
  static Headers headers(std::string method, std::string name = {}) {
    Headers out{{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", std::move(method)}};
    if (!name.empty()) out.emplace_back("Mcp-Name", std::move(name));
    return out;
  }
};

struct Fault {
  std::string name;
  std::string body;
  Headers headers;
  int status;
  std::string code;
};

class ModernFault : public ModernEra, public testing::WithParamInterface<Fault> {};

TEST_P(ModernFault, IsAnsweredWithItsOwnCodeAndTheRequestsId) {
  const auto& fault = GetParam();
  const auto answer = post("/v1/open/mcp", fault.body, fault.headers);
  EXPECT_EQ(answer.status, fault.status) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr("\"code\":" + fault.code));
  EXPECT_THAT(answer.body, HasSubstr(R"("id":7)"));
  EXPECT_TRUE(channels_.seen().empty());
}

const std::string kCall =
    R"({"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"echo",)" + std::string(kMeta) + "}}";

INSTANTIATE_TEST_SUITE_P(
    Table, ModernFault,
    testing::Values(Fault{"HeaderWithoutMeta",
                          R"({"jsonrpc":"2.0","id":7,"method":"tools/list"})",
                          {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", "tools/list"}},
                          400,
                          "-32602"},
                    Fault{"MetaWithoutHeader", kCall, {}, 400, "-32020"},
                    Fault{"HeaderDiffersFromMeta",
                          kCall,
                          {{"MCP-Protocol-Version", "2025-11-25"}, {"Mcp-Method", "tools/call"}, {"Mcp-Name", "echo"}},
                          400,
                          "-32020"},
                    Fault{"MethodHeaderDiffers",
                          kCall,
                          {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", "tools/list"}, {"Mcp-Name", "echo"}},
                          400,
                          "-32020"},
                    Fault{"NameHeaderIsMissing",
                          kCall,
                          {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", "tools/call"}},
                          400,
                          "-32020"},
                    Fault{"UnknownRevision",
                          R"({"jsonrpc":"2.0","id":7,"method":"tools/list"})",
                          {{"MCP-Protocol-Version", "1900-01-01"}},
                          400,
                          "-32022"},
                    Fault{"RemovedMethod",
                          R"({"jsonrpc":"2.0","id":7,"method":"ping","params":{)" + std::string(kMeta) + "}}",
                          {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", "ping"}},
                          404,
                          "-32601"}),
    [](const auto& info) { return info.param.name; });

TEST_F(ModernEra, AnUnknownRevisionIsToldTheOnesServed) {
  const auto answer =
      post("/v1/mcp", R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})", {{"MCP-Protocol-Version", "1900-01-01"}});
  EXPECT_THAT(answer.body, HasSubstr(R"("supported":["2026-07-28","2025-11-25")"));
  EXPECT_THAT(answer.body, HasSubstr(R"("requested":"1900-01-01")"));
}

TEST_F(ModernEra, DiscoverNamesBothErasAndTheVendorsCapabilities) {
  const auto answer = post(
      "/v1/open/mcp", R"({"jsonrpc":"2.0","id":1,"method":"server/discover","params":{)" + std::string(kMeta) + "}}",
      headers("server/discover"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, AllOf(HasSubstr(R"("supportedVersions":["2026-07-28","2025-11-25")"),
                                 HasSubstr(R"("resultType":"complete")"), HasSubstr(R"("tools")"),
                                 HasSubstr(R"("cacheScope":"private")")));
  EXPECT_EQ(answer.headers.get("Mcp-Session-Id"), "");
}

TEST_F(ModernEra, ACallOfALegacyVendorGoesWithoutMetaAndComesBackWithAResultType) {
  const auto answer = post("/v1/open/mcp", kCall, headers("tools/call", "echo"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, AllOf(HasSubstr(R"("id":7)"), HasSubstr(R"("resultType":"complete")"), HasSubstr("hi")));
  ASSERT_FALSE(channels_.seen().empty());
  EXPECT_THAT(channels_.seen().back().body, AllOf(HasSubstr(R"("name":"echo")"), Not(HasSubstr("protocolVersion"))));
}

TEST_F(ModernEra, ACallOfAModernVendorKeepsItsBytesAndItsParameterFields) {
  channels_.vendors["open"].era = mcp::Era::modern;
  channels_.vendors["open"].stateful = false;
  auto all = headers("tools/call", "echo");
  all.emplace_back("Mcp-Param-Region", "us-west1");
  const auto answer = post("/v1/open/mcp", kCall, all);
  EXPECT_EQ(answer.status, 200);
  ASSERT_FALSE(channels_.seen().empty());
  const auto seen = channels_.seen().back();
  EXPECT_THAT(seen.body, HasSubstr(std::string(kMeta)));
  EXPECT_THAT(seen.headers, testing::ElementsAre(testing::Pair("Mcp-Param-Region", "us-west1")));
}

// 2026-07-28 server/tools, "x-mcp-header": whoever speaks to the vendor leaves such tools out, and the client need not
// know the rule.
TEST_F(ModernEra, ToolsWithWrongAnnotationsAreLeftOutOnTheVendorsOwnEndpointToo) {
  channels_.vendors["open"].era = mcp::Era::modern;
  channels_.vendors["open"].answer = [](const fake::SeenRequest&) -> std::vector<fake::Step> {
    return {std::string(
        R"({"jsonrpc":"2.0","id":$ID,"result":{"tools":[ {"name":"bad","inputSchema":{"x-mcp-header":"Root"}} , )"
        R"({"name" : "good"}, {"name":"worse","inputSchema":{"properties":{"a":{"type":"number","x-mcp-header":"A"}}}}, )"
        R"({"name":"fine","n":1.0e2} ],"nextCursor":"2"}})")};
  };
  const std::string left = R"("result":{"tools":[ {"name" : "good"},{"name":"fine","n":1.0e2} ],"nextCursor":"2"}})";
  const auto legacy = post("/v1/open/mcp", R"({"jsonrpc":"2.0","id":7,"method":"tools/list"})");
  EXPECT_EQ(legacy.body, R"({"jsonrpc":"2.0","id":7,)" + left);
  const auto modern =
      post("/v1/open/mcp", R"({"jsonrpc":"2.0","id":8,"method":"tools/list","params":{)" + std::string(kMeta) + "}}",
           headers("tools/list"));
  EXPECT_EQ(modern.body, R"({"jsonrpc":"2.0","id":8,)" + left);
}

TEST_F(ModernEra, NoToolOfALegacyVendorIsLeftOut) {
  channels_.vendors["open"].answer = [](const fake::SeenRequest&) -> std::vector<fake::Step> {
    return {std::string(
        R"({"jsonrpc":"2.0","id":$ID,"result":{"tools":[{"name":"x","inputSchema":{"x-mcp-header":1}}]}})")};
  };
  EXPECT_THAT(post("/v1/open/mcp", R"({"jsonrpc":"2.0","id":7,"method":"tools/list"})").body,
              HasSubstr(R"([{"name":"x","inputSchema":{"x-mcp-header":1}}])"));
}

TEST_F(ModernEra, WhatAVendorDoesNotKnowIsNotFound) {
  channels_.vendors["open"].answer = [](const fake::SeenRequest&) -> std::vector<fake::Step> {
    return {std::string(R"({"jsonrpc":"2.0","id":$ID,"error":{"code":-32601,"message":"Method not found"}})")};
  };
  const auto answer =
      post("/v1/open/mcp", R"({"jsonrpc":"2.0","id":7,"method":"acme/frob","params":{)" + std::string(kMeta) + "}}",
           headers("acme/frob"));
  EXPECT_EQ(answer.status, 404);
  EXPECT_THAT(answer.body, AllOf(HasSubstr("-32601"), HasSubstr(R"("id":7)")));
}

TEST_F(ModernEra, ResponsesAreNotTaken) {
  EXPECT_EQ(post("/v1/open/mcp", R"({"jsonrpc":"2.0","id":7,"result":{}})", headers("x")).status, 400);
}

TEST_F(ModernEra, SessionIdsAreIgnored) {
  auto all = headers("tools/call", "echo");
  all.emplace_back("Mcp-Session-Id", "made-up");
  EXPECT_EQ(post("/v1/open/mcp", kCall, all).status, 200);
}

}  // namespace
