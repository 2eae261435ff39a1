#include "vendor/detail/listening.hpp"

#include "channel_fixture.hpp"

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;
using fake::VendorRequest;
using fake::VendorWire;
using vendor_test::eventually;

constexpr const char* kChanged = R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})";

class Listening : public vendor_test::ChannelTest {
 protected:
  std::shared_ptr<vendor::Channel> listening() {
    vendor_.use_session("s-1");
    auto channel = open(http_definition(vendor_.url()));
    if (!channel) return nullptr;
    listen(*channel, listener_);
    return *channel;
  }
  fake::FakeVendor vendor_;
  const std::shared_ptr<vendor_test::HearingListener> listener_ = std::make_shared<vendor_test::HearingListener>();
};

TEST_F(Listening, HearsWhatTheVendorSaysByItself) {
  vendor_.on("GET", [](const VendorRequest& request, VendorWire& wire) {
    EXPECT_EQ(request.headers.at("accept"), "text/event-stream");
    wire.start_stream();
    wire.event("", kChanged);
    wire.hang();
  });
  const auto channel = listening();
  EXPECT_TRUE(eventually([&] { return listener_->messages().size() == 1; }));
  EXPECT_THAT(listener_->messages(), ElementsAre(kChanged));
}

TEST_F(Listening, AVendorWithoutAStreamIsAskedOnce) {
  const auto channel = listening();
  EXPECT_TRUE(eventually([&] { return vendor_.count("GET") == 1; }));
  for (int i = 0; i < 20; ++i) (void)call(channel);
  EXPECT_EQ(vendor_.count("GET"), 1U);
  EXPECT_FALSE(channel->closed());
}

TEST_F(Listening, ResumesBehindTheLastEventAfterTheVendorsRetryTime) {
  std::atomic<int> streams = 0;
  vendor_.on("GET", [&](const VendorRequest& request, VendorWire& wire) {
    const int number = streams++;
    if (number > 0) EXPECT_EQ(request.headers.at("last-event-id"), "e" + std::to_string(number));
    wire.start_stream();
    if (number >= 3) return wire.hang();
    wire.stream_text("retry: 100\n\n");
    wire.event("e" + std::to_string(number + 1), kChanged);
    wire.close();
  });
  const auto channel = listening();
  EXPECT_TRUE(eventually([&] { return listener_->messages().size() == 3 && streams == 4; }));
}

TEST_F(Listening, AForgottenSessionEndsTheChannel) {
  vendor_.on("GET", [&](const VendorRequest&, VendorWire& wire) {
    wire.start_stream();
    vendor_.forget_session();
    wire.close();
  });
  const auto channel = listening();
  EXPECT_TRUE(eventually([&] { return listener_->closed.load(); }));
  EXPECT_TRUE(channel->closed());
}

TEST_F(Listening, ClosingTheChannelEndsTheStream) {
  std::atomic<bool> ended = false;
  vendor_.on("GET", [&](const VendorRequest&, VendorWire& wire) {
    wire.start_stream();
    wire.event("", kChanged);
    wire.hang();
    ended = true;
  });
  const auto channel = listening();
  EXPECT_TRUE(eventually([&] { return listener_->messages().size() == 1; }));
  channel->close();
  EXPECT_TRUE(eventually([&] { return ended.load(); }));
  EXPECT_FALSE(listener_->closed) << "who closes needs no telling";
}

TEST_F(Listening, AnotherListenerTakesOver) {
  std::atomic<bool> speak = false;
  vendor_.on("GET", [&](const VendorRequest&, VendorWire& wire) {
    wire.start_stream();
    while (!speak) std::this_thread::sleep_for(1ms);
    wire.event("", kChanged);
    wire.hang();
  });
  const auto channel = listening();
  const auto second = std::make_shared<vendor_test::HearingListener>();
  listen(channel, second);
  speak = true;
  EXPECT_TRUE(eventually([&] { return second->messages().size() == 1; }));
  EXPECT_TRUE(listener_->messages().empty());
  EXPECT_EQ(vendor_.count("GET"), 1U);
}

TEST_F(Listening, GarbageOnTheStreamIsDroppedAndTheRestHeard) {
  vendor_.on("GET", [&](const VendorRequest&, VendorWire& wire) {
    wire.start_stream();
    wire.event("", "<html>");
    wire.event("", R"({"jsonrpc":"2.0","id":9,"result":{}})");
    wire.event("", kChanged);
    wire.hang();
  });
  const auto channel = listening();
  EXPECT_TRUE(eventually([&] { return !listener_->messages().empty(); }));
  EXPECT_THAT(listener_->messages(), ElementsAre(kChanged));
}

// Streams must leave connections for calls.
TEST_F(Listening, NoMoreStreamsThanConfigured) {
  config_.http.streams_per_vendor = 1;
  vendor_.on("GET", [&](const VendorRequest&, VendorWire& wire) {
    wire.start_stream();
    wire.hang();
  });
  const auto one = listening();
  EXPECT_TRUE(eventually([&] { return vendor_.count("GET") == 1; }));
  const auto two = listening();
  for (int i = 0; i < 20; ++i) (void)call(two);
  EXPECT_EQ(vendor_.count("GET"), 1U);
  one->close();
  const auto three = listening();
  EXPECT_TRUE(eventually([&] {
    listen(three, listener_);
    return vendor_.count("GET") == 2;
  })) << "a stream that ended leaves its place";
}

}  // namespace
