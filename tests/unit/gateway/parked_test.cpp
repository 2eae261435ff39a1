// A legacy vendor asks in the middle of a modern client's call: the call waits, the client comes back with the answer.
#include "fixture.hpp"

namespace {

using gateway_test::GatewayTest;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kElicitation =
    R"({"jsonrpc":"2.0","id":"ask-1","method":"elicitation/create","params":{"message":"Which one?","requestedSchema":{"type":"object","properties":{}}}})";
constexpr std::string_view kResult =
    R"({"jsonrpc":"2.0","id":$ID,"result":{"content":[{"type":"text","text":"done"}]}})";

class ParkedCall : public GatewayTest {
 protected:
  ParkedCall() { vendor_says({std::string(kElicitation), std::string(fake::kUntilAnswered), std::string(kResult)}); }

  void vendor_says(std::vector<fake::Step> steps) {
    channels_.vendors["open"].answer = [steps](const fake::SeenRequest&) { return steps; };
  }

  http::Response call(std::string id, std::string more = {}, std::string arguments = R"({"a":1})",
                      std::string capabilities = R"({"elicitation":{}})") {
    return post("/v1/open/mcp",
                R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":"tools/call","params":{"name":"echo","arguments":)" +
                    arguments + more + R"(,"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)" +
                    R"("io.modelcontextprotocol/clientCapabilities":)" + capabilities + "}}}",
                {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", "tools/call"}, {"Mcp-Name", "echo"}});
  }

  static std::string state_in(const http::Response& answer) {
    const auto object = json::parse_object(answer.body);
    const auto* result = object ? object->if_contains("result") : nullptr;
    return result == nullptr ? "" : std::string(json::text_at(result->get_object(), "requestState"));
  }

  static std::string answered(const std::string& state,
                              const std::string& responses = R"({"input-1":{"action":"accept","content":{"x":"y"}}})") {
    return R"(,"requestState":)" + json::quote(state) + R"(,"inputResponses":)" + responses;
  }
};

TEST_F(ParkedCall, TellsTheClientWhatIsAskedAndGoesOnWithItsAnswer) {
  const auto asked = call("1");
  EXPECT_EQ(asked.status, 200);
  EXPECT_THAT(asked.body, AllOf(HasSubstr(R"("resultType":"input_required")"),
                                HasSubstr(R"("input-1":{"method":"elicitation/create")"), HasSubstr("Which one?"),
                                HasSubstr(R"("id":1)")));

  const auto done = call("2", answered(state_in(asked)));
  EXPECT_THAT(done.body, AllOf(HasSubstr(R"("resultType":"complete")"), HasSubstr("done"), HasSubstr(R"("id":2)")));
  ASSERT_EQ(channels_.responses(), 1U);
  EXPECT_EQ(channels_.notified().back().body,
            R"({"jsonrpc":"2.0","id":"ask-1","result":{"action":"accept","content":{"x":"y"}}})");
  // One call of the vendor, though the client sent two.
  EXPECT_EQ(std::ranges::count(channels_.seen(), "tools/call", &fake::SeenRequest::method), 1);
}

TEST_F(ParkedCall, CannotBeTakenUpTwice) {
  const auto state = state_in(call("1"));
  EXPECT_THAT(call("2", answered(state)).body, HasSubstr("done"));
  const auto again = call("3", answered(state));
  EXPECT_THAT(again.body, AllOf(HasSubstr("-32602"), HasSubstr("Start again")));
}

TEST_F(ParkedCall, IsOfItsPrincipalAlone) {
  const auto state = state_in(call("1"));
  subject_ = "mallory";
  EXPECT_THAT(call("2", answered(state)).body, AllOf(HasSubstr("-32602"), HasSubstr("another request or person")));
  subject_ = "alice";
  EXPECT_THAT(call("3", answered(state)).body, HasSubstr("done"));
}

TEST_F(ParkedCall, IsOfItsArgumentsAlone) {
  const auto state = state_in(call("1"));
  EXPECT_THAT(call("2", answered(state), R"({"a":2})").body, HasSubstr("-32602"));
}

TEST_F(ParkedCall, AnAlteredStateIsRefused) {
  auto state = state_in(call("1"));
  state[10] = state[10] == 'A' ? 'B' : 'A';
  EXPECT_THAT(call("2", answered(state)).body, HasSubstr("-32602"));
}

TEST_F(ParkedCall, AsksAgainForWhatIsMissing) {
  const auto asked = call("2", answered(state_in(call("1")), "{}"));
  EXPECT_THAT(asked.body, AllOf(HasSubstr("input_required"), HasSubstr("Which one?")));
  EXPECT_THAT(call("3", answered(state_in(asked))).body, HasSubstr("done"));
}

TEST_F(ParkedCall, AnswersThatAreNoObjectsLeaveItWaiting) {
  const auto state = state_in(call("1"));
  EXPECT_THAT(call("2", answered(state, R"({"input-1":"yes"})")).body, HasSubstr("-32602"));
  EXPECT_THAT(call("3", answered(state)).body, HasSubstr("done"));
}

TEST_F(ParkedCall, AVendorMayAskMoreThanOnce) {
  vendor_says({std::string(kElicitation), std::string(fake::kUntilAnswered), std::string(kElicitation),
               std::string(fake::kUntilAnswered), std::string(kResult)});
  const auto second = call("2", answered(state_in(call("1"))));
  EXPECT_THAT(second.body, HasSubstr(R"("input-2")"));
  EXPECT_THAT(call("3", answered(state_in(second), R"({"input-2":{"action":"decline"}})")).body, HasSubstr("done"));
}

TEST_F(ParkedCall, AClientThatCannotAnswerIsToldWhichCapabilityIsMissing) {
  const auto answer = call("1", {}, R"({"a":1})", R"({"sampling":{}})");
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, AllOf(HasSubstr("-32021"), HasSubstr(R"("requiredCapabilities":{"elicitation":{}})")));
  EXPECT_THAT(channels_.notified().back().body, HasSubstr("-32601"));
  EXPECT_EQ(channels_.cancelled().size(), 1U);
}

TEST_F(ParkedCall, TheErrorThatAsksForUrlElicitationsAsksAsTheModernEraDoes) {
  vendor_says({std::string(
      R"({"jsonrpc":"2.0","id":$ID,"error":{"code":-32042,"message":"Sign in","data":{"elicitations":[{"mode":"url","elicitationId":"e1","url":"https://example.com/in","message":"Sign in"}]}}})")});
  const auto asked = call("1", {}, R"({"a":1})", R"({"elicitation":{"url":{}}})");
  EXPECT_THAT(asked.body, AllOf(HasSubstr(R"("resultType":"input_required")"), HasSubstr("https://example.com/in"),
                                Not(HasSubstr("elicitationId"))));
}

TEST_F(ParkedCall, AVendorsOwnStateIsNoneOfTheGatewaysBusiness) {
  channels_.vendors["open"].era = mcp::Era::modern;
  channels_.vendors["open"].stateful = false;
  vendor_says({std::string(kResult)});
  EXPECT_THAT(call("1", answered("the-vendors-own")).body, HasSubstr("done"));
  EXPECT_THAT(channels_.seen().back().body, HasSubstr(R"("requestState":"the-vendors-own")"));
}

TEST_F(ParkedCall, TheNextCallUsesTheSameUpstreamSession) {
  EXPECT_THAT(call("2", answered(state_in(call("1")))).body, HasSubstr("done"));
  const int opened = channels_.opened;
  EXPECT_THAT(call("4", answered(state_in(call("3")))).body, HasSubstr("done"));
  EXPECT_EQ(channels_.opened, opened);
}

}  // namespace
