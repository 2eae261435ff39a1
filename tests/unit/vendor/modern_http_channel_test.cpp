#include "vendor/detail/modern_http_channel.hpp"

#include "base/spawn.hpp"
#include "channel_fixture.hpp"

namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using namespace std::chrono_literals;
using fake::Speaks;
using fake::VendorRequest;
using fake::VendorWire;
using vendor_test::Answer;
using vendor_test::eventually;

constexpr const char* kProgress = R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":2}})";

class ModernHttpChannel : public vendor_test::ChannelTest {
 protected:
  ModernHttpChannel() { vendor_.speak(Speaks::modern); }

  std::shared_ptr<vendor::Channel> opened() {
    auto channel = open(http_definition(vendor_.url()));
    EXPECT_TRUE(channel && (*channel)->era() == mcp::Era::modern);
    return channel ? *channel : nullptr;
  }
  // What a call meets when the vendor acts like this.
  Answer answer_to(fake::FakeVendor::Act act, std::chrono::milliseconds patience = 20s) {
    vendor_.on("tools/call", std::move(act));
    return call(opened(), "tools/call", R"({"name":"echo"})", patience);
  }
  static fake::FakeVendor::Act answering(int status, std::string body, std::string type = "application/json") {
    return [=](const VendorRequest&, VendorWire& wire) { wire.answer(status, type, body); };
  }
  // A request under way whose answer nobody reads yet.
  static base::Task<base::Result<std::unique_ptr<vendor::Call>>> send(std::shared_ptr<vendor::Channel> channel,
                                                                      std::uint64_t id) {
    const auto text = vendor_test::request_text(*channel, id, "tools/call", R"({"name":"echo"})");
    const std::array<std::string_view, 1> pieces{text};
    const vendor::Outgoing outgoing{
        .pieces = pieces, .method = "tools/call", .name = "echo", .id = id, .traceparent = {}};
    co_return co_await channel->request(outgoing, std::chrono::steady_clock::now() + 20s);
  }
  static base::Task<base::Result<vendor::Message>> next(vendor::Call& one) {
    co_return co_await one.next(std::chrono::steady_clock::now() + 20s);
  }
  static base::Task<void> drop(std::unique_ptr<vendor::Call> one) {
    one.reset();
    co_return;
  }
  fake::FakeVendor vendor_;
};

TEST_F(ModernHttpChannel, ARequestCarriesExactlyTheseHeaders) {
  auto definition = http_definition(vendor_.url());
  vendor::Injection injection;
  injection.headers.emplace_back("X-API-Key", base::SecretString(std::string_view("k-123")));
  const auto channel = open(definition, std::move(injection));
  ASSERT_TRUE(channel);
  EXPECT_EQ(call(*channel).last(), fake::tool_text("2", "done"));

  auto headers = vendor_.last("tools/call").headers;
  for (const auto* name : {"host", "content-length", "connection"}) headers.erase(name);
  const std::map<std::string, std::string> expected{{"accept", "application/json, text/event-stream"},
                                                    {"content-type", "application/json"},
                                                    {"mcp-protocol-version", "2026-07-28"},
                                                    {"mcp-method", "tools/call"},
                                                    {"mcp-name", "echo"},
                                                    {"traceparent", "00-trace"},
                                                    {"user-agent", "mcp-gateway/0.1.0"},
                                                    {"x-api-key", "k-123"}};
  EXPECT_EQ(headers, expected);
}

TEST_F(ModernHttpChannel, ParameterHeadersAndNamesBeyondAsciiAreSent) {
  const auto channel = opened();
  const auto send_with = [&](std::vector<std::pair<std::string, std::string>> headers, std::string name) {
    return [](std::shared_ptr<vendor::Channel> to, std::vector<std::pair<std::string, std::string>> fields,
              std::string named) -> base::Task<bool> {
      const auto id = to->next_id();
      const auto text = vendor_test::request_text(*to, id, "tools/call", R"({"name":"x"})");
      const std::array<std::string_view, 1> pieces{text};
      const vendor::Outgoing outgoing{
          .pieces = pieces, .method = "tools/call", .name = named, .id = id, .traceparent = {}, .headers = fields};
      co_return (co_await to->request(outgoing, std::chrono::steady_clock::now() + 20s)).has_value();
    }(channel, std::move(headers), std::move(name));
  };
  EXPECT_TRUE(run(send_with({{"Mcp-Param-Region", "eu-west"},
                             {"Mcp-Param-Empty", ""},
                             {"Authorization", "stolen"},
                             {"Mcp-Param-Bad", "a\r\nX-Smuggled: 1"}},
                            "Hello, 世界")));
  const auto headers = vendor_.last("tools/call").headers;
  EXPECT_EQ(headers.at("mcp-name"), "=?base64?SGVsbG8sIOS4lueVjA==?=");
  EXPECT_EQ(headers.at("mcp-param-region"), "eu-west");
  EXPECT_EQ(headers.at("mcp-param-empty"), "");
  EXPECT_FALSE(headers.contains("authorization"));
  EXPECT_FALSE(headers.contains("mcp-param-bad"));
  EXPECT_FALSE(headers.contains("x-smuggled"));
}

TEST_F(ModernHttpChannel, AnSseAnswerGivesItsMessagesAsTheyComeAndRequestsAreNone) {
  const auto answer = answer_to([](const VendorRequest& request, VendorWire& wire) {
    wire.start_stream();
    wire.stream_text(": keep-alive\n\n");
    wire.event("", kProgress);
    wire.event("", R"({"jsonrpc":"2.0","id":"q","method":"sampling/createMessage","params":{}})");
    wire.event("", fake::tool_text(request.id, "streamed"));
    wire.end_stream();
  });
  ASSERT_EQ(answer.messages.size(), 2U) << answer.error_text();
  EXPECT_THAT(answer.messages[0], HasSubstr("notifications/progress"));
  EXPECT_THAT(answer.messages[1], HasSubstr("streamed"));
}

TEST_F(ModernHttpChannel, AJsonRpcErrorInAFailureIsTheAnswer) {
  for (const auto& [status, code] : {std::pair(404, -32601), {400, -32602}, {400, -32020}, {400, -32021}}) {
    const auto body = R"({"jsonrpc":"2.0","id":2,"error":{"code":)" + std::to_string(code) + R"(,"message":"no"}})";
    EXPECT_EQ(answer_to(answering(status, body)).last(), body);
  }
  EXPECT_EQ(answer_to(answering(400, R"({"jsonrpc":"2.0","id":null,"error":{"code":-32020,"message":"no"}})")).last(),
            R"({"jsonrpc":"2.0","id":2,"error":{"code":-32020,"message":"no"}})");
}

TEST_F(ModernHttpChannel, ABrokenAnswerIsLostAndNotResumed) {
  const auto lost = [](const Answer& answer) {
    EXPECT_EQ(answer.error_text(), "vendor_down: vendor acme lost its answer; ask again");
    EXPECT_EQ(answer.error->code, "vendor.lost_answer");
  };
  lost(answer_to([](const VendorRequest&, VendorWire& wire) {
    wire.start_stream();
    wire.event("e1", kProgress);
    wire.close();
  }));
  lost(answer_to([](const VendorRequest&, VendorWire& wire) {
    wire.start_stream();
    wire.event("e1", kProgress);
    wire.end_stream();
  }));
  lost(answer_to([](const VendorRequest& request, VendorWire& wire) {
    wire.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n" +
              fake::tool_text(request.id, "half"));
    wire.close();
  }));
  EXPECT_EQ(vendor_.count("GET"), 0U);
}

TEST_F(ModernHttpChannel, OtherTroubleIsNamed) {
  config_.breaker.failures = 100;
  EXPECT_EQ(answer_to(answering(500, "<html>", "text/html")).error_text(),
            "vendor_invalid: vendor acme answered HTTP 500");
  EXPECT_EQ(answer_to(answering(503, "")).error_text(), "vendor_down: vendor acme answered HTTP 503");
  EXPECT_EQ(answer_to(answering(401, R"({"message":"No key."})")).error_text(), "vendor_rejected: No key.");
  EXPECT_EQ(answer_to(answering(429, "")).error_text(), "vendor_invalid: vendor acme answered HTTP 429");
  EXPECT_THAT(answer_to(answering(200, "<html>", "text/html")).error_text(), HasSubstr("answered text/html, not JSON"));
  EXPECT_THAT(answer_to(answering(200, "{")).error_text(), HasSubstr("sent something that is not an MCP message"));
  EXPECT_THAT(answer_to(answering(202, "", "")).error_text(), HasSubstr("answered HTTP 202 to a request"));
  EXPECT_EQ(answer_to(answering(200, fake::tool_text("4711", "x"))).error_text(),
            "vendor_invalid: vendor acme answered with the id of another request");
  EXPECT_THAT(answer_to([](const VendorRequest&, VendorWire& wire) { wire.reset(); }).error_text(),
              StartsWith("vendor_down: vendor acme: "));
  EXPECT_THAT(answer_to([](const VendorRequest&, VendorWire& wire) { wire.hang(); }, 200ms).error_text(),
              StartsWith("vendor_timeout: vendor acme: "));
  EXPECT_FALSE(opened()->closed()) << "the era fits still";
}

TEST_F(ModernHttpChannel, AnEndlessBodyIsTooLarge) {
  config_.http.message_bytes = 1 << 20;
  const auto endless = [](std::string type, std::string begin) {
    return [=](const VendorRequest&, VendorWire& wire) {
      wire.send("HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nConnection: close\r\n\r\n" + begin);
      const std::string megabyte(1 << 20, 'x');
      for (int i = 0; i < 20; ++i) wire.send(megabyte);
      wire.close();
    };
  };
  const auto* expected = "too_large: vendor acme sent a message of more than 1048576 bytes, which is the limit";
  EXPECT_EQ(answer_to(endless("application/json", "{\"a\":\"")).error_text(), expected);
  EXPECT_EQ(answer_to(endless("text/event-stream", "data: ")).error_text(), expected);
}

// A restart as another server on the same port.
TEST_F(ModernHttpChannel, AVendorThatBecomesLegacyMakesTheChannelGoneAndIsOpenedAnew) {
  const auto channel = opened();
  const auto listener = std::make_shared<vendor_test::HearingListener>();
  listen(channel, listener);
  vendor_.speak(Speaks::legacy);
  vendor_.on("tools/call", answering(400, R"({"jsonrpc":"2.0","error":{"code":-32000,"message":"x"},"id":null})"));
  vendor_.drop_connections();
  const auto answer = call(channel);
  ASSERT_TRUE(answer.error);
  EXPECT_EQ(answer.error->code, "vendor.session_gone");
  EXPECT_EQ(answer.error->kind, base::Kind::not_found);
  EXPECT_TRUE(channel->closed());
  EXPECT_TRUE(listener->closed);
  EXPECT_EQ(call(channel).error->code, "vendor.session_gone");
  const auto again = open(http_definition(vendor_.url()));
  ASSERT_TRUE(again);
  EXPECT_EQ((*again)->era(), mcp::Era::legacy);
  EXPECT_EQ(board_.of("acme").consecutive_failures, 0);
}

TEST_F(ModernHttpChannel, WhatOnlyALegacyServerSaysMakesTheChannelGone) {
  EXPECT_EQ(answer_to(answering(404, "<html>", "text/html")).error->code, "vendor.session_gone");
  EXPECT_EQ(answer_to(answering(405, "")).error->code, "vendor.session_gone");
  EXPECT_EQ(answer_to(answering(400, R"({"jsonrpc":"2.0","id":2,"error":{"code":-32022,"message":"x",)"
                                     R"("data":{"supported":["2025-11-25"]}}})"))
                .error->code,
            "vendor.session_gone");
  const auto channel = opened();
  vendor_.on("server/discover", answering(200, R"({"jsonrpc":"2.0","id":2,"error":{"code":-32601,"message":"x"}})"));
  EXPECT_EQ(call(channel, "server/discover", "{}").error->code, "vendor.session_gone");
  EXPECT_TRUE(channel->closed());
}

TEST_F(ModernHttpChannel, ALegacySessionWithAVendorThatBecomesModernIsGone) {
  vendor_.speak(Speaks::legacy);
  vendor_.use_session("s-1");
  const auto channel = open(http_definition(vendor_.url()));
  ASSERT_TRUE(channel);
  ASSERT_EQ((*channel)->era(), mcp::Era::legacy);
  vendor_.speak(Speaks::modern);
  EXPECT_EQ(call(*channel).error->code, "vendor.session_gone");
  EXPECT_TRUE((*channel)->closed());
  EXPECT_EQ(call(opened()).last(), fake::tool_text("2", "done"));
}

TEST_F(ModernHttpChannel, CancellingEndsACallThatWaitsForItsFirstByteAndClosesItsConnection) {
  std::atomic<bool> closed = false;
  vendor_.on("tools/call", [&](const VendorRequest&, VendorWire& wire) {
    wire.hang();
    closed = true;
  });
  const auto channel = opened();
  auto answer =
      base::spawn(threads_.executor(0), vendor_test::ask(channel, "tools/call", "{}", 20s), boost::asio::use_future);
  ASSERT_TRUE(eventually([&] { return vendor_.count("tools/call") == 1; }));
  EXPECT_TRUE(run(channel->cancel(2, "changed my mind", std::chrono::steady_clock::now() + 1s), 1));
  EXPECT_THAT(answer.get().error_text(), StartsWith("cancelled: "));
  EXPECT_TRUE(eventually([&] { return closed.load(); }));
  EXPECT_EQ(vendor_.count("notifications/cancelled"), 0U);
  EXPECT_EQ(board_.of("acme").consecutive_failures, 0);
}

TEST_F(ModernHttpChannel, CancellingEndsACallInTheMiddleOfItsStream) {
  std::atomic<bool> closed = false;
  vendor_.on("tools/call", [&](const VendorRequest&, VendorWire& wire) {
    wire.start_stream();
    wire.event("", kProgress);
    wire.hang();
    closed = true;
  });
  const auto channel = opened();
  auto one = run(send(channel, channel->next_id()));
  ASSERT_TRUE(one);
  EXPECT_TRUE(run(next(**one)));
  auto second = base::spawn(threads_.executor(0), next(**one), boost::asio::use_future);
  EXPECT_TRUE(run(channel->cancel(2, "", std::chrono::steady_clock::now() + 1s), 1));
  EXPECT_EQ(second.get().error().kind, base::Kind::cancelled);
  EXPECT_TRUE(eventually([&] { return closed.load(); }));
  EXPECT_EQ(run(next(**one)).error().kind, base::Kind::cancelled) << "and stays so";
  run(drop(*std::move(one)));
}

TEST_F(ModernHttpChannel, CancellingWhatIsNotUnderWayDoesNothing) {
  const auto channel = opened();
  EXPECT_TRUE(run(channel->cancel(4711, "", std::chrono::steady_clock::now() + 1s)));
  EXPECT_EQ(call(channel).last(), fake::tool_text("2", "done"));
}

base::Task<void> a_moment() {
  base::Timer timer(co_await boost::asio::this_coro::executor, std::chrono::steady_clock::now() + 100ms);
  co_await timer.async_wait(base::use_task);
}

// As when a client closes the connection that its request came on.
TEST_F(ModernHttpChannel, ACallerThatIsCancelledEndsItsCall) {
  std::atomic<bool> closed = false;
  vendor_.on("tools/call", [&](const VendorRequest&, VendorWire& wire) {
    wire.start_stream();
    wire.event("", kProgress);
    wire.hang();
    closed = true;
  });
  const auto channel = opened();
  const auto impatient = [](std::shared_ptr<vendor::Channel> to) -> base::Task<bool> {
    const auto first = co_await (vendor_test::ask(to, "tools/call", "{}", 20s) || a_moment());
    co_return first.index() == 1;
  };
  EXPECT_TRUE(run(impatient(channel)));
  EXPECT_TRUE(eventually([&] { return closed.load(); }));
  EXPECT_EQ(board_.of("acme").consecutive_failures, 0);
}

TEST_F(ModernHttpChannel, DroppingACallClosesItsConnection) {
  std::atomic<bool> closed = false;
  vendor_.on("tools/call", [&](const VendorRequest&, VendorWire& wire) {
    wire.start_stream();
    wire.event("", kProgress);
    wire.hang();
    closed = true;
  });
  const auto channel = opened();
  auto one = run(send(channel, channel->next_id()));
  ASSERT_TRUE(one);
  EXPECT_TRUE(run(next(**one)));
  run(drop(*std::move(one)));
  EXPECT_TRUE(eventually([&] { return closed.load(); }));
}

TEST_F(ModernHttpChannel, ANotificationIsPostedAndAResponseIsNot) {
  const auto channel = opened();
  EXPECT_TRUE(notify(channel, R"({"jsonrpc":"2.0","method":"notifications/x"})", "notifications/x"));
  EXPECT_EQ(vendor_.last("notifications/x").headers.at("mcp-protocol-version"), "2026-07-28");
  EXPECT_EQ(notify(channel, R"({"jsonrpc":"2.0","id":"q","result":{}})", "").error().kind, base::Kind::invalid);
  EXPECT_EQ(vendor_.requests().size(), 2U);
}

TEST_F(ModernHttpChannel, TwoThreadsUseOneChannelAtOnce) {
  const auto channel = opened();
  std::vector<std::future<Answer>> answers;
  for (std::size_t i = 0; i < 40; ++i) {
    answers.push_back(base::spawn(threads_.executor(i % 2),
                                  vendor_test::ask(channel, "tools/call", R"({"name":"echo"})", 20s),
                                  boost::asio::use_future));
  }
  for (auto& answer : answers) EXPECT_THAT(answer.get().last(), HasSubstr("done"));
}

TEST_F(ModernHttpChannel, ClosedItAsksNothingMore) {
  const auto channel = opened();
  channel->close();
  channel->close();
  EXPECT_TRUE(channel->closed());
  EXPECT_EQ(call(channel).error->code, "vendor.session_gone");
  EXPECT_EQ(vendor_.count("DELETE"), 0U);
  EXPECT_EQ(vendor_.count("tools/call"), 0U);
}

TEST_F(ModernHttpChannel, FailuresOpenTheBreaker) {
  vendor_.on("tools/call", answering(500, ""));
  const auto channel = opened();
  for (int i = 0; i < 5; ++i) (void)call(channel);
  EXPECT_EQ(call(channel).error->code, "vendor.breaker_open");
}

}  // namespace
