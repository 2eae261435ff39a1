// Responses that are too large to be held: they go to the client as they come.
#include <fmt/format.h>

#include "fixture.hpp"

namespace {

using gateway_test::GatewayTest;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class Parts : public GatewayTest {
 protected:
  static constexpr std::string_view kCall =
      R"({"jsonrpc":"2.0","id":"c-5","method":"tools/call","params":{"name":"echo"}})";
  static constexpr std::string_view kUnifiedCall =
      R"({"jsonrpc":"2.0","id":"c-5","method":"tools/call","params":{"name":"open__echo"}})";

  Parts() { answer({large(R"({"type":"resource_link","uri":"file:///a","name":"a"})")}); }

  void answer(std::vector<fake::Step> steps) {
    channels_.vendors["open"].answer = [steps](const fake::SeenRequest&) { return steps; };
  }
  // With that block behind a large one.
  static std::string large(std::string_view block) {
    return fmt::format(R"({{"result":{{"content":[{{"type":"text","text":"{}"}},{}]}},"jsonrpc":"2.0","id":$ID}})",
                       std::string(300'000, 'x'), block);
  }
  std::unique_ptr<fake::FakeExchange> call(std::string_view text = kCall, std::string path = "/v1/open/mcp") {
    return handle(request(http::Method::post, std::move(path), std::string(text)));
  }
  std::unique_ptr<fake::FakeExchange> call_modern() {
    return handle(
        request(http::Method::post, "/v1/open/mcp",
                R"({"jsonrpc":"2.0","id":"c-5","method":"tools/call","params":{"name":"echo","_meta":{)"
                R"("io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
                R"("io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},)"
                R"("io.modelcontextprotocol/clientCapabilities":{}}}})",
                {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", "tools/call"}, {"Mcp-Name", "echo"}}));
  }
};

TEST_F(Parts, AreSentAsTheyComeWithTheIdOfTheClient) {
  const auto exchange = call();
  EXPECT_TRUE(exchange->started());
  EXPECT_TRUE(exchange->finished);
  EXPECT_EQ(exchange->answer.status, 200);
  EXPECT_EQ(exchange->answer.headers.get("Content-Type"), "application/json");
  EXPECT_THAT(exchange->answer.body, StartsWith(R"({"result":{"content":[{"type":"text","text":"xxx)"));
  EXPECT_THAT(exchange->answer.body, EndsWith(R"("uri":"file:///a","name":"a"}]},"jsonrpc":"2.0","id":"c-5"})"));
}

TEST_F(Parts, HaveTheNamesOfTheUnifiedEndpoint) {
  const auto exchange = call(kUnifiedCall, "/v1/mcp");
  EXPECT_TRUE(exchange->started() && exchange->finished);
  EXPECT_THAT(exchange->answer.body, HasSubstr(R"("uri":"open+file:///a")"));
}

TEST_F(Parts, ASmallResponseIsHeld) {
  answer({std::string(R"({"result":{"content":[]},"jsonrpc":"2.0","id":$ID})")});
  EXPECT_FALSE(call()->started());
}

TEST_F(Parts, AnErrorIsHeld) {
  answer({fmt::format(R"({{"error":{{"code":-32603,"message":"{}"}},"jsonrpc":"2.0","id":$ID}})",
                      std::string(300'000, 'x'))});
  const auto exchange = call();
  EXPECT_FALSE(exchange->started());
  EXPECT_THAT(exchange->answer.body, EndsWith(R"("jsonrpc":"2.0","id":"c-5"})"));
}

TEST_F(Parts, ABrokenResponseDoesNotLookWhole) {
  answer({large("{}"), base::fail(base::Kind::vendor_down, "http.reset", "connection closed")});
  const auto exchange = call();
  EXPECT_TRUE(exchange->started());
  EXPECT_FALSE(exchange->finished);
  EXPECT_THAT(exchange->answer.body, Not(HasSubstr("c-5")));
}

TEST_F(Parts, AResponseToAnotherRequestDoesNotLookWhole) {
  auto text = large("{}");
  text.replace(text.find("$ID"), 3, "7");
  answer({text});
  const auto exchange = call();
  EXPECT_TRUE(exchange->started());
  EXPECT_FALSE(exchange->finished);
}

TEST_F(Parts, AClientThatHasGoneIsNoError) {
  auto r = request(http::Method::post, "/v1/open/mcp", std::string(kCall));
  fake::FakeExchange exchange(std::move(r));
  exchange.gone = true;
  on_thread(fake::handled(*endpoint_, exchange));
  EXPECT_FALSE(exchange.finished);
  EXPECT_EQ(exchange.answer.body, "");
}

// Its resultType and what else its era wants is added where the vendor is of the other era.
TEST_F(Parts, AModernClientOfALegacyVendorGetsAWholeOne) {
  const auto exchange = call_modern();
  EXPECT_FALSE(exchange->started());
  EXPECT_THAT(exchange->answer.body, HasSubstr(R"("resultType":"complete")"));
}

TEST_F(Parts, AModernClientOfAModernVendorGetsThemAsTheyCome) {
  channels_.vendors["open"].era = mcp::Era::modern;
  channels_.vendors["open"].stateful = false;
  const auto exchange = call_modern();
  EXPECT_TRUE(exchange->started() && exchange->finished);
  EXPECT_THAT(exchange->answer.body, EndsWith(R"("jsonrpc":"2.0","id":"c-5"})"));
}

}  // namespace
