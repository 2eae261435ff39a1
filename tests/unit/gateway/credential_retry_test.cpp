// A modern client's call whose credential is missing or rejected: it is told to ask its person, and its retry waits for
// what is saved.
#include "credential_fixture.hpp"

namespace {

using gateway_test::CredentialTest;
using gateway_test::kDone;
using gateway_test::OpenCall;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kRequired = R"("resultType":"input_required")";
constexpr std::string_view kAsked = R"("inputRequests":{"credential":{"method":"elicitation/create")";
constexpr std::string_view kAccept = R"({"credential":{"action":"accept"}})";

struct Place {
  std::string name;
  std::string path;
  std::string tool;
  std::string arguments;
};

class RetryWithACredential : public CredentialTest, public testing::WithParamInterface<Place> {
 protected:
  std::unique_ptr<OpenCall> open(std::string_view more = {}, std::string_view capabilities = kUrls,
                                 std::string arguments = {}) {
    const auto& place = GetParam();
    if (arguments.empty()) arguments = place.arguments;
    return open_call(request(
        http::Method::post, place.path,
        R"({"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":")" + place.tool + R"(","arguments":)" +
            arguments + std::string(more) + R"(,"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)" +
            R"("io.modelcontextprotocol/clientCapabilities":)" + std::string(capabilities) + "}}}",
        {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", "tools/call"}, {"Mcp-Name", place.tool}}));
  }
  std::string call(std::string_view more = {}, std::string_view capabilities = kUrls, std::string arguments = {}) {
    return open(more, capabilities, std::move(arguments))->finish();
  }

  // Looks after the clients.
  base::Task<void> start_clock() {
    endpoint_->start_on_this_thread();
    co_return;
  }

  static std::string state_in(const std::string& answer) {
    const auto object = json::parse_object(answer);
    const auto* result = object ? object->if_contains("result") : nullptr;
    return result == nullptr ? "" : std::string(json::text_at(result->get_object(), "requestState"));
  }
  static std::string with(const std::string& state, std::string_view responses = kAccept) {
    return R"(,"requestState":)" + json::quote(state) +
           (responses.empty() ? "" : R"(,"inputResponses":)" + std::string(responses));
  }
};

INSTANTIATE_TEST_SUITE_P(Places, RetryWithACredential,
                         testing::Values(Place{"unified", "/v1/mcp", "keyed__echo", R"({"a":1})"},
                                         Place{"vendor", "/v1/keyed/mcp", "echo", R"({"a":1})"},
                                         Place{"search_mode", "/v1/mcp", "gateway__call_tool",
                                               R"({"name":"keyed__echo","arguments":{"a":1}})"}),
                         [](const auto& info) { return info.param.name; });

TEST_P(RetryWithACredential, IsAskedForAndTheCallGoesOn) {
  const auto asked = call();
  EXPECT_THAT(asked, AllOf(HasSubstr(kRequired), HasSubstr(kAsked),
                           HasSubstr(R"("mode":"url","url":")" + std::string(kPage) + "\""),
                           Not(HasSubstr("elicitationId")), HasSubstr(R"("id":7)")));
  save_working_key();
  EXPECT_THAT(call(with(state_in(asked))), AllOf(HasSubstr(R"("resultType":"complete")"), HasSubstr(kDone)));
  EXPECT_THAT(channels_.seen().back().body, AllOf(Not(HasSubstr("requestState")), Not(HasSubstr("inputResponses")),
                                                  HasSubstr(R"("arguments":{"a":1})")));
}

TEST_P(RetryWithACredential, AModernVendorSeesNothingOfIt) {
  channels_.vendors["keyed"].era = mcp::Era::modern;
  channels_.vendors["keyed"].stateful = false;
  channels_.vendors["keyed"].opening_result = R"({"supportedVersions":["2026-07-28"],"capabilities":{"tools":{}}})";
  const auto state = state_in(call());
  save_working_key();
  EXPECT_THAT(call(with(state)), HasSubstr(kDone));
  EXPECT_THAT(channels_.seen().back().body, AllOf(Not(HasSubstr("requestState")), Not(HasSubstr("inputResponses"))));
}

TEST_P(RetryWithACredential, WaitsUntilItIsSavedAndWorks) {
  auto retry = open(with(state_in(call())));
  save_key();
  page_finds(vault::State::rejected);
  EXPECT_FALSE(retry->is_done());
  save_working_key();
  EXPECT_THAT(retry->finish(), HasSubstr(kDone));
}

TEST_P(RetryWithACredential, WaitsInTurnsWithoutAskingAgain) {
  config_.credential_turn = std::chrono::seconds(0);
  restart();
  auto answer = call(with(state_in(call())));
  for (int turn = 0; turn < 3; ++turn) {
    EXPECT_THAT(answer, AllOf(HasSubstr(kRequired), Not(HasSubstr("inputRequests"))));
    answer = call(with(state_in(answer), {}));
  }
  save_working_key();
  EXPECT_THAT(call(with(state_in(answer), {})), HasSubstr(kDone));
}

TEST_P(RetryWithACredential, EndsWithTheLinkWhenNothingIsSavedInTime) {
  config_.credential_turn = std::chrono::seconds(0);
  config_.credential_wait = std::chrono::seconds(1);
  restart();
  auto answer = call(with(state_in(call())));
  while (answer.contains(kRequired)) answer = call(with(state_in(answer), {}));
  EXPECT_THAT(answer, AllOf(HasSubstr("isError"), HasSubstr(kPage)));
}

TEST_P(RetryWithACredential, AsksWhenTheVendorRejectsTheCredentialInTheCall) {
  vendor_rejects(1);
  save_working_key();
  const auto asked = call();
  EXPECT_THAT(asked, AllOf(HasSubstr(kAsked), HasSubstr("rejected your saved credential"),
                           HasSubstr("was revoked on Monday"), Not(HasSubstr("s3cret-key"))));
  save_working_key();
  EXPECT_THAT(call(with(state_in(asked))), HasSubstr(kDone));
}

TEST_P(RetryWithACredential, ACallThatIsRejectedAfterItsVendorAskedSomethingBeginsAgain) {
  save_working_key();
  channels_.vendors["keyed"].answer = [calls = 0](const fake::SeenRequest& seen) mutable -> std::vector<fake::Step> {
    const auto rejected = base::fail(base::Kind::vendor_rejected, "vendor.rejected", "expired");
    if (seen.method == "tools/list") {
      return {std::string(
          R"({"jsonrpc":"2.0","id":$ID,"result":{"tools":[{"name":"echo","inputSchema":{"type":"object"}}]}})")};
    }
    if (++calls == 1) {
      return {std::string(R"({"jsonrpc":"2.0","id":"q","method":"elicitation/create","params":{"mode":"url",)"
                          R"("elicitationId":"e","url":"https://example.com/","message":"Which one?"}})"),
              std::string(fake::kUntilAnswered), rejected};
    }
    if (calls == 2) return {rejected};
    return {std::string(R"({"jsonrpc":"2.0","id":$ID,"result":{"content":[{"type":"text","text":"hi"}]}})")};
  };
  const auto of_vendor = call();
  EXPECT_THAT(of_vendor, HasSubstr("Which one?"));
  const auto asked = call(with(state_in(of_vendor), R"({"input-1":{"action":"accept"}})"));
  EXPECT_THAT(asked, HasSubstr(kAsked));
  save_working_key();
  EXPECT_THAT(call(with(state_in(asked))), HasSubstr(kDone));
}

TEST_P(RetryWithACredential, WhoDeclinesGetsTheErrorWithTheLink) {
  const auto state = state_in(call());
  for (const auto* said : {"decline", "cancel"}) {
    EXPECT_THAT(call(with(state, R"({"credential":{"action":")" + std::string(said) + "\"}}")),
                AllOf(HasSubstr("isError"), HasSubstr(kPage)));
  }
}

TEST_P(RetryWithACredential, AsksAgainForAnAnswerThatIsMissing) {
  const auto again = call(with(state_in(call()), "{}"));
  EXPECT_THAT(again, HasSubstr(kAsked));
  EXPECT_THAT(call(with(state_in(again), R"({"credential":7})")), HasSubstr("-32602"));
}

TEST_P(RetryWithACredential, ItsStateIsOfItsPersonAndItsArgumentsAlone) {
  const auto state = state_in(call());
  auto other = GetParam().arguments;
  other.replace(other.find("\"a\":1"), 5, "\"a\":2");
  EXPECT_THAT(call(with(state), kUrls, other), HasSubstr("-32602"));
  subject_ = "mallory";
  EXPECT_THAT(call(with(state)), AllOf(HasSubstr("-32602"), HasSubstr("another request or person")));
}

TEST_P(RetryWithACredential, IsOverWhenItsClientGoes) {
  config_.waits_per_principal = 1;
  restart();
  const auto state = state_in(call());
  auto retry = open(with(state));
  EXPECT_FALSE(retry->is_done());
  EXPECT_THAT(call(with(state)), HasSubstr("isError")) << "beyond the limit";
  on_thread(start_clock());
  retry->go_away();
  (void)retry->finish();
  EXPECT_EQ(calls_of_vendor(), 0);
}

TEST_P(RetryWithACredential, IsOverWhenTheGatewayDrains) {
  auto retry = open(with(state_in(call())));
  EXPECT_FALSE(retry->is_done());
  endpoint_->end_streams();
  EXPECT_THAT(retry->finish(), AllOf(HasSubstr("isError"), HasSubstr(kPage)));
}

TEST_P(RetryWithACredential, AClientThatDeclaredNoUrlsGetsTheErrorWithTheLink) {
  for (const auto* capabilities : {"{}", R"({"elicitation":{}})", R"({"elicitation":{"form":{}}})"}) {
    EXPECT_THAT(call({}, capabilities), AllOf(HasSubstr("isError"), HasSubstr(kPage), Not(HasSubstr(kRequired))));
  }
}

}  // namespace
