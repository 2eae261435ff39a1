#include "base/spawn.hpp"
#include "channel_fixture.hpp"

namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using vendor_test::Answer;
using namespace std::chrono_literals;
using fake::FakeVendor;
using fake::VendorRequest;
using fake::VendorWire;

class HttpChannel : public vendor_test::ChannelTest {
 protected:
  base::Result<std::shared_ptr<vendor::Channel>> opened() { return open(http_definition(vendor_.url())); }
  FakeVendor vendor_;
};

TEST_F(HttpChannel, OpensWithInitializeAndTheInitializedNotification) {
  vendor_.use_session("s-1");
  const auto channel = opened();
  ASSERT_TRUE(channel);
  EXPECT_EQ((*channel)->protocol_version(), "2025-11-25");
  EXPECT_THAT((*channel)->opening_result(), HasSubstr(R"("name":"fake")"));
  EXPECT_TRUE((*channel)->stateful());
  const auto initialize = vendor_.last("initialize");
  EXPECT_FALSE(initialize.headers.contains("mcp-session-id"));
  EXPECT_FALSE(initialize.headers.contains("mcp-protocol-version"));
  EXPECT_THAT(initialize.body, HasSubstr(vendor_test::kInitializeParams));
  EXPECT_EQ(vendor_.last("notifications/initialized").headers.at("mcp-session-id"), "s-1");
}

TEST_F(HttpChannel, AVendorWithoutASessionIdIsStateless) {
  const auto channel = opened();
  ASSERT_TRUE(channel);
  EXPECT_FALSE((*channel)->stateful());
  EXPECT_EQ(call(*channel).last(), fake::tool_text("2", "done"));
}

TEST_F(HttpChannel, ARequestCarriesExactlyTheseHeaders) {
  vendor_.use_session("s-1");
  auto definition = http_definition(vendor_.url());
  definition->http->signing_secret = base::SecretString(std::string_view("signing"));
  vendor::Injection injection;
  injection.headers.emplace_back("X-API-Key", base::SecretString(std::string_view("k-123")));
  const auto channel = open(definition, std::move(injection));
  ASSERT_TRUE(channel);
  (void)call(*channel);

  auto headers = vendor_.last("tools/call").headers;
  EXPECT_THAT(headers.at("x-gateway-s2s"), testing::MatchesRegex("t=[0-9]+,v1=[0-9a-f]{64}"));
  for (const auto* name : {"host", "content-length", "connection", "x-gateway-s2s"}) headers.erase(name);
  const std::map<std::string, std::string> expected{{"accept", "application/json, text/event-stream"},
                                                    {"content-type", "application/json"},
                                                    {"mcp-protocol-version", "2025-11-25"},
                                                    {"mcp-session-id", "s-1"},
                                                    {"mcp-method", "tools/call"},
                                                    {"mcp-name", "echo"},
                                                    {"traceparent", "00-trace"},
                                                    {"user-agent", "mcp-gateway/0.1.0"},
                                                    {"x-api-key", "k-123"}};
  EXPECT_EQ(headers, expected);
}

TEST_F(HttpChannel, AnSseAnswerGivesItsMessagesAsTheyCome) {
  vendor_.on("tools/call", [](const VendorRequest& request, VendorWire& wire) {
    wire.start_stream();
    wire.stream_text(": hello\n\n");
    wire.event("e1", "");
    wire.event("e2",
               R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":2,"progress":1}})");
    wire.event("e3", fake::tool_text(request.id, "streamed"));
    wire.end_stream();
  });
  const auto channel = opened();
  ASSERT_TRUE(channel);
  const auto answer = call(*channel);
  ASSERT_EQ(answer.messages.size(), 2U) << answer.error_text();
  EXPECT_THAT(answer.messages[0], HasSubstr("notifications/progress"));
  EXPECT_THAT(answer.messages[1], HasSubstr("streamed"));
}

TEST_F(HttpChannel, TheConnectionOfAFinishedSseAnswerIsUsedAgain) {
  vendor_.on("tools/call", [](const VendorRequest& request, VendorWire& wire) {
    wire.start_stream();
    wire.event("", fake::tool_text(request.id, "streamed"));
    wire.end_stream();
  });
  const auto channel = opened();
  ASSERT_TRUE(channel);
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(call(*channel).last(), HasSubstr("streamed"));
    // The rest of the answer is read beside the caller's next step.
    ASSERT_TRUE(vendor_test::eventually([&] { return clients_.at(0).connection_count().total() <= 1; }));
  }
  EXPECT_LE(vendor_.connections(), 3U);
}

TEST_F(HttpChannel, ADroppedSseAnswerIsResumedBehindTheLastEvent) {
  std::atomic<int> resumes = 0;
  std::string id;
  vendor_.on("tools/call", [&](const VendorRequest& request, VendorWire& wire) {
    id = request.id;
    wire.start_stream();
    wire.stream_text("id: e1\nretry: 150\ndata:\n\n");
    wire.close();
  });
  vendor_.on("GET", [&](const VendorRequest& request, VendorWire& wire) {
    EXPECT_EQ(request.headers.at("last-event-id"), resumes == 0 ? "e1" : "e2");
    wire.start_stream();
    if (resumes++ == 0) {
      wire.event("e2", R"({"jsonrpc":"2.0","method":"notifications/message","params":{}})");
      return wire.end_stream();
    }
    wire.event("e3", fake::tool_text(id, "resumed"));
    wire.end_stream();
  });
  const auto channel = opened();
  ASSERT_TRUE(channel);
  const auto began = std::chrono::steady_clock::now();
  const auto answer = call(*channel);
  EXPECT_EQ(answer.messages.size(), 2U) << answer.error_text();
  EXPECT_THAT(answer.last(), HasSubstr("resumed"));
  EXPECT_GE(std::chrono::steady_clock::now() - began, 300ms) << "the vendor asked for 150 ms before each resume";
  EXPECT_EQ(vendor_.count("tools/call"), 1U);
}

// The wait that a call tells at its first pause.
base::Task<std::chrono::milliseconds> told_retry(std::shared_ptr<vendor::Channel> channel) {
  const auto deadline = std::chrono::steady_clock::now() + 5s;
  const auto id = channel->next_id();
  const auto text = vendor_test::request_text(*channel, id, "tools/call", "{}");
  const std::array<std::string_view, 1> pieces{text};
  auto call = co_await channel->request(
      {.pieces = pieces, .method = "tools/call", .name = "echo", .id = id, .traceparent = {}}, deadline);
  if (!call) co_return -1ms;
  (*call)->tell_pauses();
  const auto pause = co_await (*call)->next(deadline);
  co_return pause && pause->empty() ? (*call)->retry() : -1ms;
}

TEST_F(HttpChannel, APauseTellsHowLongTheVendorWantsToBeLeftAlone) {
  std::string retry;
  vendor_.on("tools/call", [&](const VendorRequest&, VendorWire& wire) {
    wire.start_stream();
    wire.stream_text("id: e1\n" + retry + "data:\n\n");
    wire.end_stream();
  });
  const auto channel = opened();
  ASSERT_TRUE(channel);
  for (const auto& [sent, told] :
       std::map<std::string, std::chrono::milliseconds>{{"retry: 150\n", 150ms},
                                                        {"retry: 0\n", 100ms},
                                                        {"retry: 999999999\n", config_.http.longest_retry},
                                                        {"", config_.http.retry}}) {
    retry = sent;
    EXPECT_EQ(run(told_retry(*channel)), told) << sent;
  }
}

TEST_F(HttpChannel, ResumingEndsAfterSomeAttempts) {
  config_.http.resume_attempts = 2;
  vendor_.on("tools/call", [](const VendorRequest&, VendorWire& wire) {
    wire.start_stream();
    wire.event("e1", "");
    wire.close();
  });
  vendor_.on("GET", [](const VendorRequest&, VendorWire& wire) { wire.answer(503, "", ""); });
  const auto channel = opened();
  ASSERT_TRUE(channel);
  EXPECT_THAT(call(*channel).error_text(), HasSubstr("vendor_down: vendor acme: dropped the connection"));
  EXPECT_EQ(vendor_.count("GET"), 2U);
}

// The vendor may have run the tool: the caller must not be told that it may send the request again.
TEST_F(HttpChannel, ASessionThatIsGoneInTheMiddleOfAnAnswerIsNotSessionGone) {
  vendor_.use_session("s-1");
  vendor_.on("tools/call", [this](const VendorRequest&, VendorWire& wire) {
    wire.start_stream();
    wire.event("e1", "");
    vendor_.forget_session();
    wire.close();
  });
  const auto channel = opened();
  ASSERT_TRUE(channel);
  const auto answer = call(*channel);
  EXPECT_THAT(answer.error_text(), HasSubstr("vendor_down: "));
  EXPECT_NE(answer.error->code, "vendor.session_gone");
}

TEST_F(HttpChannel, ABatchGivesItsMessagesOneByOne) {
  vendor_.on("tools/call", [](const VendorRequest& request, VendorWire& wire) {
    wire.json("[" + fake::tool_text(request.id, "last") + R"(,{"jsonrpc":"2.0","method":"notifications/message"}])");
  });
  const auto channel = opened();
  ASSERT_TRUE(channel);
  const auto answer = call(*channel);
  ASSERT_EQ(answer.messages.size(), 2U) << answer.error_text();
  EXPECT_THAT(answer.last(), HasSubstr("last"));
}

TEST_F(HttpChannel, AFailureStatusWithTheResponseToTheRequestIsTheResponse) {
  vendor_.on("tools/call", [](const VendorRequest& request, VendorWire& wire) {
    wire.answer(400, "application/json",
                R"({"jsonrpc":"2.0","id":)" + request.id + R"(,"error":{"code":-32602,"message":"no such tool"}})");
  });
  const auto channel = opened();
  ASSERT_TRUE(channel);
  EXPECT_THAT(call(*channel).last(), HasSubstr("no such tool"));
}

TEST_F(HttpChannel, AForgottenSessionClosesTheChannel) {
  vendor_.use_session("s-1");
  const auto channel = opened();
  ASSERT_TRUE(channel);
  const auto listener = std::make_shared<vendor_test::HearingListener>();
  listen(*channel, listener);
  vendor_.forget_session();
  const auto answer = call(*channel);
  ASSERT_TRUE(answer.error);
  EXPECT_EQ(answer.error->kind, base::Kind::not_found);
  EXPECT_EQ(answer.error->code, "vendor.session_gone");
  EXPECT_TRUE((*channel)->closed());
  EXPECT_TRUE(listener->closed);
}

// What servers on the official SDK answer after a restart.
TEST_F(HttpChannel, A400ThatSpeaksOfTheSessionMeansItIsGone) {
  vendor_.use_session("s-1");
  const auto channel = opened();
  ASSERT_TRUE(channel);
  vendor_.on("tools/call", [](const VendorRequest&, VendorWire& wire) {
    wire.answer(
        400, "application/json",
        R"({"jsonrpc":"2.0","error":{"code":-32000,"message":"Bad Request: No valid session ID provided"},"id":null})");
  });
  EXPECT_EQ(call(*channel).error->code, "vendor.session_gone");
}

TEST_F(HttpChannel, ClosingEndsTheSessionWithDelete) {
  vendor_.use_session("s-1");
  const auto channel = opened();
  ASSERT_TRUE(channel);
  (*channel)->close();
  (*channel)->close();
  EXPECT_TRUE(vendor_test::eventually([&] { return vendor_.count("DELETE") == 1; }));
  EXPECT_EQ(vendor_.last("DELETE").headers.at("mcp-session-id"), "s-1");
  EXPECT_EQ(call(*channel).error->code, "vendor.session_gone");
}

TEST_F(HttpChannel, CancellingTellsTheVendorAndEndsTheCall) {
  vendor_.use_session("s-1");
  vendor_.on("tools/call", [](const VendorRequest&, VendorWire& wire) {
    wire.start_stream();
    wire.event("e1", "");
    wire.hang();
  });
  const auto channel = opened();
  ASSERT_TRUE(channel);
  auto answer =
      base::spawn(threads_.executor(0), vendor_test::ask(*channel, "tools/call", "{}", 20s), boost::asio::use_future);
  ASSERT_TRUE(vendor_test::eventually([&] { return vendor_.count("tools/call") == 1; }));
  EXPECT_TRUE(run((*channel)->cancel(2, "enough", std::chrono::steady_clock::now() + 5s), 1));
  EXPECT_THAT(answer.get().error_text(), testing::StartsWith("cancelled: "));
  EXPECT_THAT(vendor_.last("notifications/cancelled").body, AllOf(HasSubstr(R"("requestId":2)"), HasSubstr("enough")));
  EXPECT_FALSE((*channel)->closed());
}

TEST_F(HttpChannel, TwoThreadsUseOneChannelAtOnce) {
  const auto channel = opened();
  ASSERT_TRUE(channel);
  std::vector<std::future<Answer>> answers;
  for (std::size_t i = 0; i < 40; ++i) {
    answers.push_back(base::spawn(threads_.executor(i % 2),
                                  vendor_test::ask(*channel, "tools/call", R"({"name":"echo"})", 20s),
                                  boost::asio::use_future));
  }
  for (auto& answer : answers) EXPECT_THAT(answer.get().last(), HasSubstr("done"));
}

TEST_F(HttpChannel, NotificationsGoOutAndNeedNoAnswer) {
  const auto channel = opened();
  ASSERT_TRUE(channel);
  const std::string text = R"({"jsonrpc":"2.0","method":"notifications/roots/list_changed"})";
  EXPECT_TRUE(notify(*channel, text, "notifications/roots/list_changed"));
  EXPECT_EQ(vendor_.last("notifications/roots/list_changed").body, text);
}

}  // namespace
