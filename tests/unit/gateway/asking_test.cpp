// A modern vendor requires input of a legacy client: it is asked on its stream, and the request goes out once more.
#include <future>

#include "base/spawn.hpp"
#include "fake/handled.hpp"
#include "fixture.hpp"

namespace {

using gateway_test::GatewayTest;
using testing::AllOf;
using testing::HasSubstr;

class AskingALegacyClient : public GatewayTest {
 protected:
  AskingALegacyClient() {
    auto& open = channels_.vendors["open"];
    open.era = mcp::Era::modern;
    open.stateful = false;
    open.opening_result = R"({"supportedVersions":["2026-07-28"],"capabilities":{"tools":{}}})";
    open.answer = [](const fake::SeenRequest& seen) -> std::vector<fake::Step> {
      if (seen.body.contains("inputResponses")) {
        return {std::string(R"({"jsonrpc":"2.0","id":$ID,"result":{"resultType":"complete","content":[]}})")};
      }
      return {std::string(
          R"({"jsonrpc":"2.0","id":$ID,"result":{"resultType":"input_required","inputRequests":{"who":{"method":"elicitation/create","params":{"message":"Who?"}}},"requestState":"st\u0061te"}})")};
    };
  }

  std::string call_body() {
    return R"({"jsonrpc":"2.0","id":"c1","method":"tools/call","params":{"name":"echo","arguments":{}}})";
  }

  // Starts a call and waits until the client was asked; then answers with `answer`, and gives the whole stream.
  std::string call_and_answer(const std::string& session, const std::string& answer) {
    auto exchange = std::make_unique<fake::FakeExchange>(
        request(http::Method::post, "/v1/open/mcp", call_body(), {{"Mcp-Session-Id", session}}));
    auto done = base::spawn(threads_.executor(0), fake::handled(*endpoint_, *exchange), boost::asio::use_future);
    while (done.wait_for(std::chrono::milliseconds(5)) != std::future_status::ready) {
      if (!stream(*exchange).contains("elicitation/create")) continue;
      post("/v1/open/mcp", answer, {{"Mcp-Session-Id", session}});
      break;
    }
    done.get();
    return stream(*exchange);
  }

 private:
  static base::Task<std::string> read(fake::FakeExchange& exchange) { co_return exchange.answer.body; }
  std::string stream(fake::FakeExchange& exchange) { return on_thread(read(exchange)); }
};

TEST_F(AskingALegacyClient, SendsTheQuestionAndTheRequestAgainWithTheAnswer) {
  const auto session = open_session("/v1/open/mcp", "2025-11-25", R"({"elicitation":{}})");
  const auto stream =
      call_and_answer(session, R"({"jsonrpc":"2.0","id":1,"result":{"action":"accept","content":{"name":"Ann"}}})");
  EXPECT_THAT(stream, AllOf(HasSubstr(R"("method":"elicitation/create","params":{"message":"Who?"})"),
                            HasSubstr(R"("id":"c1")"), HasSubstr(R"("content":[])")));
  const auto last = channels_.seen().back().body;
  EXPECT_THAT(last, AllOf(HasSubstr(R"("inputResponses":{"who":{"action":"accept","content":{"name":"Ann"}}})"),
                          HasSubstr(R"("requestState":"st\u0061te")"),
                          HasSubstr(R"("io.modelcontextprotocol/protocolVersion":"2026-07-28")"),
                          HasSubstr(R"("io.modelcontextprotocol/clientCapabilities":{"elicitation":{}})")));
}

TEST_F(AskingALegacyClient, AnErrorInPlaceOfAnElicitationsAnswerCancelsIt) {
  const auto session = open_session("/v1/open/mcp", "2025-11-25", R"({"elicitation":{}})");
  (void)call_and_answer(session, R"({"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"no"}})");
  EXPECT_THAT(channels_.seen().back().body, HasSubstr(R"("who":{"action":"cancel"})"));
}

TEST_F(AskingALegacyClient, InitializeIsAnsweredInTheWordsOfTheClientsEra) {
  const auto answer = post(
      "/v1/open/mcp",
      R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}})");
  EXPECT_THAT(answer.body, AllOf(HasSubstr(R"("protocolVersion":"2025-06-18")"), HasSubstr(R"("serverInfo":{"name":)"),
                                 testing::Not(HasSubstr("supportedVersions"))));
}

TEST_F(AskingALegacyClient, AClientWithoutTheCapabilityIsToldWhatIsMissing) {
  const auto session = open_session("/v1/open/mcp", "2025-11-25", "{}");
  const auto answer = post("/v1/open/mcp", call_body(), {{"Mcp-Session-Id", session}});
  EXPECT_THAT(answer.body, AllOf(HasSubstr("isError"), HasSubstr("capability elicitation"), HasSubstr("open")));
}

}  // namespace
