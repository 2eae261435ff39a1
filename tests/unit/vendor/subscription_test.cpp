#include "vendor/detail/subscription.hpp"

#include "channel_fixture.hpp"

namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::UnorderedElementsAre;
using namespace std::chrono_literals;
using fake::Speaks;
using fake::VendorRequest;
using fake::VendorWire;
using vendor_test::eventually;

constexpr const char* kTools = "notifications/tools/list_changed";

std::string ack(const std::string& id) {
  return R"({"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"_meta":)"
         R"({"io.modelcontextprotocol/subscriptionId":")" +
         id + R"("},"notifications":{}}})";
}

class Subscription : public vendor_test::ChannelTest {
 protected:
  Subscription() { vendor_.speak(Speaks::modern); }

  std::shared_ptr<vendor::Channel> opened() {
    auto channel = open(http_definition(vendor_.url()));
    EXPECT_TRUE(channel && (*channel)->era() == mcp::Era::modern);
    return channel ? *channel : nullptr;
  }
  std::shared_ptr<vendor::Channel> listening(vendor::Subscriptions subscriptions = {}) {
    auto channel = opened();
    listen(channel, listener_, std::move(subscriptions));
    EXPECT_TRUE(eventually([&] { return vendor_.open_streams() == 1; }));
    return channel;
  }
  // The filter of the nth subscriptions/listen.
  std::string filter(std::size_t number) const {
    for (const auto& request : vendor_.requests()) {
      if (request.rpc_method != "subscriptions/listen" || number-- > 0) continue;
      return boost::json::serialize(boost::json::parse(request.body).at("params").at("notifications"));
    }
    return "none";
  }
  std::vector<std::string> heard() const { return listener_->messages(); }
  bool hears(std::size_t count) const {
    return eventually([&] { return listener_->messages().size() >= count; });
  }

  // What acts of the vendor look at or count: they may run for longer than a test's own body.
  std::atomic<bool> flag_ = false;
  std::atomic<int> streams_ = 0;
  fake::FakeVendor vendor_;
  const std::shared_ptr<vendor_test::HearingListener> listener_ = std::make_shared<vendor_test::HearingListener>();
};

TEST_F(Subscription, AsksForWhatIsWantedAndOffered) {
  const auto channel = listening({.tools = true, .prompts = true, .resources = false, .uris = {"file:///a"}});
  EXPECT_EQ(filter(0), R"({"toolsListChanged":true,"resourceSubscriptions":["file:///a"]})");
  const auto request = vendor_.last("subscriptions/listen");
  EXPECT_EQ(request.headers.at("mcp-method"), "subscriptions/listen");
  EXPECT_THAT(request.body, HasSubstr(R"(protocolVersion":"2026-07-28")"));
}

TEST_F(Subscription, HearsNotificationsAsSentAndNothingElse) {
  const auto channel = listening();
  vendor_.say(kTools);
  vendor_.say("notifications/resources/updated", R"({"uri":"file:///a"})");
  ASSERT_TRUE(hears(2));
  const auto messages = heard();
  EXPECT_EQ(messages.size(), 2U) << "the acknowledgement is not for the listener";
  EXPECT_EQ(messages[0], R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":{"_meta":)"
                         R"({"io.modelcontextprotocol/subscriptionId":2}}})");
  EXPECT_THAT(messages[1], HasSubstr("file:///a"));
}

TEST_F(Subscription, AVendorThatOffersNothingIsNotAsked) {
  vendor_.on("server/discover", [](const VendorRequest& request, VendorWire& wire) {
    wire.json(fake::result_of(request.id, R"({"supportedVersions":["2026-07-28"],"capabilities":{"tools":{}}})"));
  });
  const auto channel = opened();
  listen(channel, listener_);
  for (int i = 0; i < 20; ++i) (void)call(channel);
  EXPECT_EQ(vendor_.count("subscriptions/listen"), 0U);
}

TEST_F(Subscription, ALostStreamIsOpenedAnewAndTheListenerToldWhatItMayHaveMissed) {
  const auto channel = listening({.tools = true, .prompts = true, .resources = true, .uris = {"file:///a"}});
  vendor_.drop_connections();
  ASSERT_TRUE(hears(3));
  EXPECT_THAT(
      heard(),
      ElementsAre(HasSubstr("tools/list_changed"), HasSubstr("resources/list_changed"),
                  R"({"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"file:///a"}})"));
  for (auto message : heard()) {
    message.reserve(message.size() + mcp::kPadding);
    EXPECT_TRUE(mcp::scan(message));
  }
  EXPECT_TRUE(eventually([&] { return vendor_.open_streams() == 1; }));
  vendor_.say(kTools);
  EXPECT_TRUE(hears(4));
  EXPECT_EQ(board_.of("acme").consecutive_failures, 0) << "a stream that ends is no failure of the vendor";
  EXPECT_FALSE(listener_->closed);
}

TEST_F(Subscription, AStreamThatTheVendorEndedIsOpenedAnewToo) {
  const auto channel = listening();
  vendor_.end_subscriptions();
  EXPECT_TRUE(eventually([&] { return vendor_.count("subscriptions/listen") == 2; }));
  ASSERT_TRUE(hears(2));
  EXPECT_THAT(heard(), Not(Contains(HasSubstr(R"("result")"))));
}

TEST_F(Subscription, AVendorThatIsDownForAWhileIsFoundAgain) {
  const auto channel = listening();
  flag_ = true;
  vendor_.on("subscriptions/listen", [&](const VendorRequest& request, VendorWire& wire) {
    if (flag_) return wire.answer(503, "", "");
    wire.start_stream();
    wire.event("", ack(request.id));
    wire.hang();
  });
  vendor_.drop_connections();
  ASSERT_TRUE(eventually([&] { return vendor_.count("subscriptions/listen") >= 3; }));
  EXPECT_TRUE(heard().empty());
  flag_ = false;
  EXPECT_TRUE(hears(2)) << "only now it can be told that something was missed";
}

TEST_F(Subscription, AVendorThatRefusesIsAskedOnce) {
  vendor_.on("subscriptions/listen", [](const VendorRequest& request, VendorWire& wire) {
    wire.answer(404, "application/json",
                R"({"jsonrpc":"2.0","id":)" + request.id + R"(,"error":{"code":-32601,"message":"no"}})");
  });
  const auto channel = opened();
  listen(channel, listener_);
  EXPECT_TRUE(eventually([&] { return vendor_.count("subscriptions/listen") == 1; }));
  for (int i = 0; i < 50; ++i) (void)call(channel);
  EXPECT_EQ(vendor_.count("subscriptions/listen"), 1U);
  EXPECT_FALSE(channel->closed());
}

TEST_F(Subscription, OtherSubscriptionsReplaceTheStreamWithoutAGap) {
  const auto channel = listening({.tools = true, .prompts = false, .resources = false});
  vendor_.on("subscriptions/listen", [&](const VendorRequest& request, VendorWire& wire) {
    wire.start_stream();
    while (!flag_) std::this_thread::sleep_for(1ms);
    wire.event("", ack(request.id));
    wire.event("", R"({"jsonrpc":"2.0","method":"notifications/resources/updated"})");
    wire.hang();
  });
  listen(channel, listener_, {.tools = true, .prompts = false, .resources = false, .uris = {"file:///a"}});
  ASSERT_TRUE(eventually([&] { return vendor_.count("subscriptions/listen") == 2; }));
  vendor_.say(kTools);
  ASSERT_TRUE(hears(1)) << "the old stream still speaks";
  EXPECT_EQ(vendor_.open_streams(), 1U);
  flag_ = true;
  EXPECT_TRUE(eventually([&] { return vendor_.open_streams() == 0; })) << "the old stream is ended";
  ASSERT_TRUE(hears(2));
  EXPECT_THAT(heard()[1], HasSubstr("resources/updated"));
  EXPECT_EQ(heard().size(), 2U) << "nothing was missed";
  EXPECT_EQ(filter(1), R"({"toolsListChanged":true,"resourceSubscriptions":["file:///a"]})");
}

TEST_F(Subscription, ThreeReplacementsInARowLeaveTheLastStreamOnly) {
  const auto channel = listening({.tools = true, .prompts = false, .resources = false});
  for (const auto* uri : {"file:///a", "file:///b", "file:///c"}) {
    listen(channel, listener_, {.tools = true, .prompts = false, .resources = false, .uris = {uri}});
  }
  EXPECT_TRUE(eventually([&] { return vendor_.count("subscriptions/listen") == 4 && vendor_.open_streams() == 1; }));
  vendor_.say(kTools);
  ASSERT_TRUE(hears(1));
  EXPECT_THAT(heard(), ElementsAre(HasSubstr(kTools)));
}

TEST_F(Subscription, TheSameSubscriptionsChangeTheListenerOnly) {
  const auto channel = listening();
  const auto second = std::make_shared<vendor_test::HearingListener>();
  listen(channel, second);
  vendor_.say(kTools);
  EXPECT_TRUE(eventually([&] { return second->messages().size() == 1; }));
  EXPECT_TRUE(heard().empty());
  EXPECT_EQ(vendor_.count("subscriptions/listen"), 1U);
}

TEST_F(Subscription, WantingNothingEndsTheStream) {
  const auto channel = listening();
  listen(channel, listener_, {.tools = false, .prompts = false, .resources = false});
  EXPECT_TRUE(eventually([&] { return vendor_.open_streams() == 0; }));
  EXPECT_EQ(vendor_.count("subscriptions/listen"), 1U);
}

TEST_F(Subscription, ClosingOrDroppingTheChannelEndsTheStream) {
  auto one = listening();
  one->close();
  EXPECT_TRUE(eventually([&] { return vendor_.open_streams() == 0; }));
  EXPECT_FALSE(listener_->closed) << "who closes needs no telling";
  auto two = listening();
  two.reset();
  EXPECT_TRUE(eventually([&] { return vendor_.open_streams() == 0; }));
}

// The stream of a known fixture: JSON objects with the type of one, one per line, without end.
TEST_F(Subscription, AStreamOfJsonLinesIsHeardAsItComes) {
  vendor_.on("subscriptions/listen", [&](const VendorRequest& request, VendorWire& wire) {
    wire.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
    wire.stream_text(ack(request.id) + "\n");
    wire.stream_text(R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})");
    wire.stream_text("\n{\"jsonrpc\":\"2.0\",\n \"method\":\"notifications/");
    while (!flag_) std::this_thread::sleep_for(1ms);
    wire.stream_text("prompts/list_changed\"}");
    wire.hang();
  });
  const auto channel = opened();
  listen(channel, listener_);
  ASSERT_TRUE(hears(1));
  flag_ = true;
  ASSERT_TRUE(hears(2));
  EXPECT_THAT(heard()[1], HasSubstr("prompts/list_changed"));
}

// Whatever is wrong with one stream, the next one is heard.
TEST_F(Subscription, AStreamThatGoesWrongIsOpenedAnew) {
  config_.http.quiet_stream = 500ms;
  config_.http.message_bytes = 1 << 16;
  const auto streaming = [](std::string text) {
    return [text](const VendorRequest& request, VendorWire& wire) {
      wire.start_stream();
      wire.event("", ack(request.id));
      wire.stream_text(text);
      wire.hang();
    };
  };
  const std::vector<std::pair<std::string, fake::FakeVendor::Act>> faults{
      {"hangs before its head", [](const VendorRequest&, VendorWire& wire) { wire.hang(); }},
      {"hangs before its acknowledgement",
       [](const VendorRequest&, VendorWire& wire) {
         wire.start_stream();
         wire.hang();
       }},
      {"is reset", [](const VendorRequest&, VendorWire& wire) { wire.reset(); }},
      {"is cut in an event", streaming("data: {\"jsonrpc\"")},
      {"is garbled", streaming("data: <html>\n\n")},
      {"answers another request", streaming("data: " + fake::result_of("4711", "{}") + "\n\n")},
      {"never ends an event", streaming("data: " + std::string(1 << 18, 'x'))},
      {"is a page", [](const VendorRequest&, VendorWire& wire) { wire.answer(200, "text/html", "<html>"); }},
      {"is JSON that ends",
       [](const VendorRequest& request, VendorWire& wire) { wire.json(fake::result_of(request.id, "{}")); }},
      {"is no JSON", [](const VendorRequest&, VendorWire& wire) { wire.json("<html>"); }},
      {"fails", [](const VendorRequest&, VendorWire& wire) { wire.answer(500, "text/html", "<html>"); }},
  };
  for (const auto& [what, fault] : faults) {
    streams_ = 0;
    vendor_.on("subscriptions/listen", [this, fault](const VendorRequest& request, VendorWire& wire) {
      if (streams_++ == 0) return fault(request, wire);
      wire.start_stream();
      wire.event("", ack(request.id));
      wire.hang();
    });
    const auto channel = opened();
    const auto listener = std::make_shared<vendor_test::HearingListener>();
    listen(channel, listener);
    EXPECT_TRUE(eventually([&] { return listener->messages().size() >= 2; })) << what;
    for (const auto& message : listener->messages()) EXPECT_THAT(message, HasSubstr("list_changed")) << what;
    channel->close();
  }
}

TEST_F(Subscription, SilenceIsALossAndCommentsAreNone) {
  config_.http.quiet_stream = 400ms;
  flag_ = true;
  vendor_.on("subscriptions/listen", [&](const VendorRequest& request, VendorWire& wire) {
    ++streams_;
    wire.start_stream();
    wire.event("", ack(request.id));
    for (int i = 0; i < 30; ++i) {
      wire.stream_text(": still here\n\n");
      std::this_thread::sleep_for(50ms);
    }
    flag_ = false;
    wire.hang();
  });
  const auto channel = opened();
  listen(channel, listener_);
  EXPECT_TRUE(eventually([&] { return !flag_; }));
  EXPECT_EQ(streams_, 1);
  EXPECT_TRUE(eventually([&] { return streams_ == 2; }));
}

TEST_F(Subscription, ThroughAnEraChangeTheListenerLearnsThatTheChannelIsGone) {
  const auto channel = listening();
  vendor_.speak(Speaks::legacy);
  vendor_.on("subscriptions/listen", [](const VendorRequest&, VendorWire& wire) { wire.answer(404, "", ""); });
  vendor_.drop_connections();
  EXPECT_TRUE(eventually([&] { return listener_->closed.load(); }));
  EXPECT_TRUE(channel->closed());
}

TEST_F(Subscription, NoMoreStreamsThanConfigured) {
  config_.http.streams_per_vendor = 1;
  const auto one = listening();
  const auto two = opened();
  listen(two, listener_);
  for (int i = 0; i < 20; ++i) (void)call(two);
  EXPECT_EQ(vendor_.count("subscriptions/listen"), 1U);
}

}  // namespace
