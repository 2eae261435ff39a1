// The deprecated HTTP+SSE transport.
#include "vendor/detail/sse_channel.hpp"

#include "base/spawn.hpp"
#include "channel_fixture.hpp"
#include "vendor/detail/sse_endpoint.hpp"

namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using namespace std::chrono_literals;
using fake::Speaks;
using fake::VendorRequest;
using fake::VendorWire;
using vendor_test::Answer;
using vendor_test::eventually;

class SseChannel : public vendor_test::ChannelTest {
 protected:
  SseChannel() { vendor_.speak(Speaks::sse); }

  std::shared_ptr<vendor::Definition> definition() {
    auto definition = http_definition(vendor_.url());
    definition->protocol = vendor::Protocol::sse;
    return definition;
  }
  std::shared_ptr<vendor::Channel> opened() {
    auto channel = open(definition());
    EXPECT_TRUE(channel) << channel.error().message;
    return channel ? *channel : nullptr;
  }
  std::string refusal() {
    const auto channel = open(definition(), {}, "", 2s);
    return channel ? "opened" : std::string(name(channel.error().kind)) + ": " + channel.error().message;
  }
  // A stream that begins with this.
  void begin_with(const std::string& text) {
    vendor_.on("GET", [this, text](const VendorRequest&, VendorWire& wire) {
      wire.start_stream();
      wire.stream_text(text);
      wire.hang();
      flag_ = true;
    });
  }
  std::future<Answer> begin(const std::shared_ptr<vendor::Channel>& channel, std::size_t thread) {
    return base::spawn(threads_.executor(thread), vendor_test::ask(channel, "tools/call", R"({"name":"echo"})", 20s),
                       boost::asio::use_future);
  }
  std::atomic<bool> flag_ = false;  // a stream of begin_with() was closed
  fake::FakeVendor vendor_;
};

TEST_F(SseChannel, OpensWithInitializeOnTheEndpointAndCarriesCalls) {
  vendor::Injection injection;
  injection.headers.emplace_back("X-API-Key", base::SecretString(std::string_view("k-123")));
  const auto channel = open(definition(), std::move(injection));
  ASSERT_TRUE(channel) << channel.error().message;
  EXPECT_EQ((*channel)->era(), mcp::Era::legacy);
  EXPECT_EQ((*channel)->protocol_version(), "2025-11-25");
  EXPECT_THAT((*channel)->opening_result(), HasSubstr(R"("name":"fake")"));
  EXPECT_TRUE((*channel)->stateful());
  EXPECT_EQ(call(*channel).last(), fake::tool_text("2", "done"));
  EXPECT_EQ(vendor_.last("GET").headers.at("accept"), "text/event-stream");
  for (const auto* what : {"GET", "initialize", "notifications/initialized", "tools/call"}) {
    EXPECT_EQ(vendor_.last(what).headers.at("x-api-key"), "k-123") << what;
  }
  EXPECT_THAT(vendor_.last("tools/call").target, StartsWith("/messages?session="));
  EXPECT_EQ(vendor_.count("GET"), 1U);
}

TEST_F(SseChannel, ManyCallsFromTwoThreadsGetEachTheirOwnAnswer) {
  vendor_.on("tools/call", [](const VendorRequest& request, VendorWire& wire) {
    wire.json(fake::tool_text(request.id, "answer to " + request.id));
  });
  const auto channel = opened();
  std::vector<std::future<Answer>> answers;
  for (std::size_t i = 0; i < 40; ++i) answers.push_back(begin(channel, i % 2));
  for (auto& answer : answers) {
    const auto got = answer.get();
    const auto last = got.last();
    ASSERT_FALSE(last.empty()) << got.error_text();
    const auto id = boost::json::serialize(boost::json::parse(last).at("id"));
    EXPECT_THAT(last, HasSubstr("answer to " + id));
  }
}

TEST_F(SseChannel, ProgressGoesToItsCallAndTheRestToTheListener) {
  vendor_.on("tools/call", [](const VendorRequest& request, VendorWire& wire) {
    wire.event("", R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":2}})");
    wire.event("", R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})");
    wire.json(fake::tool_text(request.id, "done"));
  });
  const auto channel = opened();
  const auto listener = std::make_shared<vendor_test::HearingListener>();
  listen(channel, listener);
  EXPECT_THAT(call(channel).messages, ElementsAre(HasSubstr("progress"), HasSubstr("done")));
  EXPECT_THAT(listener->messages(), ElementsAre(HasSubstr("list_changed")));
}

TEST_F(SseChannel, APingOfTheVendorIsAnsweredHere) {
  vendor_.on("tools/call", [](const VendorRequest&, VendorWire& wire) {
    wire.event("", R"({"jsonrpc":"2.0","id":"p1","method":"ping"})");
  });
  const auto channel = opened();
  auto answer = begin(channel, 0);
  EXPECT_TRUE(eventually([&] {
    const auto all = vendor_.requests();
    return std::ranges::any_of(
        all, [](const VendorRequest& one) { return one.body == R"({"jsonrpc":"2.0","id":"p1","result":{}})"; });
  }));
  channel->close();
  (void)answer.get();
}

TEST_F(SseChannel, ALostStreamIsTheEndOfTheChannelAndItsAnswersAreLost) {
  vendor_.on("tools/call", [](const VendorRequest&, VendorWire&) {});
  const auto channel = opened();
  const auto listener = std::make_shared<vendor_test::HearingListener>();
  listen(channel, listener);
  auto answer = begin(channel, 1);
  ASSERT_TRUE(eventually([&] { return vendor_.count("tools/call") == 1; }));
  vendor_.drop_connections();
  const auto lost = answer.get();
  EXPECT_EQ(lost.error_text(), "vendor_down: vendor acme ended its stream; its answer is lost");
  EXPECT_NE(lost.error->code, "vendor.session_gone") << "the vendor may have run the tool";
  EXPECT_TRUE(eventually([&] { return listener->closed.load(); }));
  EXPECT_TRUE(channel->closed());
  EXPECT_EQ(call(channel).error->code, "vendor.session_gone");
  EXPECT_EQ(vendor_.count("GET"), 1U) << "nothing is resumed";
}

TEST_F(SseChannel, ASessionThatTheVendorForgotIsGone) {
  const auto channel = opened();
  const auto listener = std::make_shared<vendor_test::HearingListener>();
  listen(channel, listener);
  vendor_.on("tools/call", [](const VendorRequest&, VendorWire&) {});
  vendor_.speak(Speaks::legacy);
  vendor_.use_session("another");
  const auto answer = call(channel);
  ASSERT_TRUE(answer.error);
  EXPECT_EQ(answer.error->code, "vendor.session_gone");
  EXPECT_TRUE(channel->closed());
  EXPECT_TRUE(eventually([&] { return listener->closed.load(); }));
}

TEST_F(SseChannel, ClosingOrDroppingEndsTheStream) {
  auto one = opened();
  const auto listener = std::make_shared<vendor_test::HearingListener>();
  listen(one, listener);
  EXPECT_EQ(vendor_.open_streams(), 1U);
  one->close();
  EXPECT_TRUE(eventually([&] { return vendor_.open_streams() == 0; }));
  EXPECT_FALSE(listener->closed) << "who closes needs no telling";
  auto two = opened();
  two.reset();
  EXPECT_TRUE(eventually([&] { return vendor_.open_streams() == 0; }));
}

TEST_F(SseChannel, CancellingTellsTheVendorAndEndsTheCall) {
  vendor_.on("tools/call", [](const VendorRequest&, VendorWire&) {});
  const auto channel = opened();
  auto answer = begin(channel, 0);
  ASSERT_TRUE(eventually([&] { return vendor_.count("tools/call") == 1; }));
  EXPECT_TRUE(run(channel->cancel(2, "enough", std::chrono::steady_clock::now() + 5s), 1));
  EXPECT_THAT(answer.get().error_text(), StartsWith("cancelled: "));
  EXPECT_THAT(vendor_.last("notifications/cancelled").body, AllOf(HasSubstr(R"("requestId":2)"), HasSubstr("enough")));
  EXPECT_FALSE(channel->closed());
}

TEST_F(SseChannel, GarbageOnTheStreamIsPassedOver) {
  vendor_.on("tools/call", [](const VendorRequest& request, VendorWire& wire) {
    wire.event("", "<html>");
    wire.stream_text("event: other\ndata: {}\n\n");
    wire.event("", fake::result_of("4711", "{}"));
    wire.json(fake::tool_text(request.id, "after garbage"));
  });
  EXPECT_THAT(call(opened()).last(), HasSubstr("after garbage"));
}

TEST_F(SseChannel, ASilentCallIsATimeoutAndTheNextOneIsAnswered) {
  const auto channel = opened();
  vendor_.on("tools/call", [](const VendorRequest&, VendorWire&) {});
  EXPECT_THAT(call(channel, "tools/call", "{}", 200ms).error_text(), StartsWith("vendor_timeout: vendor acme"));
  EXPECT_THAT(call(channel, "tools/list", "{}").last(), HasSubstr("echo"));
}

TEST_F(SseChannel, ARefusedMessageFailsItsCallOnly) {
  const auto channel = opened();
  vendor_.speak(Speaks::legacy);
  vendor_.on("tools/call", [](const VendorRequest&, VendorWire& wire) { wire.answer(500, "text/html", "<html>"); });
  EXPECT_EQ(call(channel).error_text(), "vendor_invalid: vendor acme answered HTTP 500");
  EXPECT_EQ(board_.of("acme").consecutive_failures, 1);
  vendor_.speak(Speaks::sse);
  EXPECT_THAT(call(channel, "tools/list", "{}").last(), HasSubstr("echo"));
}

TEST_F(SseChannel, AnEndlessEventEndsTheChannel) {
  config_.http.message_bytes = 1 << 16;
  const auto channel = opened();
  vendor_.on("tools/call", [](const VendorRequest&, VendorWire& wire) {
    for (int i = 0; i < 100; ++i) wire.stream_text(std::string(10'000, 'x'));
  });
  EXPECT_THAT(call(channel).error_text(), StartsWith("vendor_down: "));
  EXPECT_TRUE(channel->closed());
}

TEST_F(SseChannel, WhatIsNoSuchServerIsRefusedByName) {
  config_.breaker.failures = 100;
  config_.http.probe_timeout = 200ms;
  const std::string none = "vendor_invalid: vendor acme does not speak MCP over HTTP+SSE at its URL";
  vendor_.on("GET", [](const VendorRequest&, VendorWire& wire) { wire.answer(405, "", ""); });
  EXPECT_EQ(refusal(), none);
  vendor_.on("GET", [](const VendorRequest&, VendorWire& wire) { wire.answer(200, "text/html", "<html>"); });
  EXPECT_EQ(refusal(), none);
  begin_with("data: {}\n\n");
  EXPECT_EQ(refusal(), none);
  vendor_.on("GET", [](const VendorRequest&, VendorWire& wire) {
    wire.start_stream();
    wire.end_stream();
  });
  EXPECT_EQ(refusal(), none);
  vendor_.on("GET", [](const VendorRequest&, VendorWire& wire) { wire.answer(503, "", ""); });
  EXPECT_EQ(refusal(), "vendor_down: vendor acme answered HTTP 503");
  vendor_.on("GET", [](const VendorRequest&, VendorWire& wire) {
    wire.answer(401, "application/json", R"({"message":"No key."})");
  });
  EXPECT_EQ(refusal(), "vendor_rejected: No key.");
  begin_with("");
  EXPECT_EQ(refusal(), none) << "a stream that says nothing is that of a session";
}

TEST_F(SseChannel, AnEndpointElsewhereGetsNoCredential) {
  begin_with("event: endpoint\ndata: http://elsewhere.example/messages\n\n");
  EXPECT_EQ(refusal(),
            "vendor_invalid: vendor acme names an endpoint for messages that is at another host or port than its "
            "stream");
  EXPECT_EQ(vendor_.count("initialize"), 0U);
  EXPECT_TRUE(eventually([&] { return flag_.load(); })) << "the stream is closed";
}

TEST_F(SseChannel, AFailedInitializeClosesTheStream) {
  vendor_.on("initialize", [](const VendorRequest& request, VendorWire& wire) {
    wire.json(R"({"jsonrpc":"2.0","id":)" + request.id + R"(,"error":{"code":-32000,"message":"not today"}})");
  });
  EXPECT_EQ(refusal(), "vendor_invalid: vendor acme refused to open a session: not today");
  EXPECT_TRUE(eventually([&] { return vendor_.open_streams() == 0; }));
}

TEST_F(SseChannel, NoMoreStreamsThanConfigured) {
  config_.http.streams_per_vendor = 1;
  const auto one = opened();
  EXPECT_EQ(refusal(), "unavailable: The gateway already keeps 1 streams open to vendor acme, which is its limit.");
  one->close();
  EXPECT_TRUE(eventually([&] { return refusal() == "opened"; }));
}

TEST(SseEndpoint, IsResolvedAgainstTheStreamsUrl) {
  const auto stream = *http::parse_url("https://vendor.example:8443/mcp/sse?x=1");
  const auto resolved = [&](std::string_view reference) {
    const auto url = vendor::detail::resolve_endpoint("acme", stream, reference);
    return url ? url->target : url.error().message;
  };
  EXPECT_EQ(resolved("/messages?id=1"), "/messages?id=1");
  EXPECT_EQ(resolved("messages?id=1"), "/mcp/messages?id=1");
  EXPECT_EQ(resolved("?id=1"), "/mcp/sse?id=1");
  EXPECT_EQ(resolved("../up"), "/up");
  EXPECT_EQ(resolved("https://vendor.example:8443/m"), "/m");
  EXPECT_EQ(resolved("https://VENDOR.example:8443/m"), "/m");
  for (const auto* elsewhere : {"https://vendor.example/m", "http://vendor.example:8443/m", "//evil.example/m",
                                "https://evil.example:8443/m"}) {
    EXPECT_THAT(resolved(elsewhere), HasSubstr("is at another host or port")) << elsewhere;
  }
  EXPECT_THAT(resolved("file:///etc/passwd"), HasSubstr("is no URL of an HTTP server"));
  EXPECT_THAT(resolved("https://user:pass@vendor.example:8443/m"), HasSubstr("is no URL of an HTTP server"));
  EXPECT_THAT(resolved("http://[bad"), HasSubstr("is no URL"));
  EXPECT_THAT(resolved("/a b"), HasSubstr("is no URL"));
}

}  // namespace
