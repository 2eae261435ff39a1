#include "vendor/detail/routes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake/run.hpp"

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using vendor::detail::Mailbox;
using vendor::detail::Received;

Received received(const std::string& text) {
  auto messages = vendor::detail::read_received("acme", text);
  return messages ? std::move(messages->front()) : Received{};
}

std::shared_ptr<Mailbox> mailbox() { return std::make_shared<Mailbox>(10'000); }

base::Task<std::vector<std::string>> empty_out(std::shared_ptr<Mailbox> box) {
  std::vector<std::string> all;
  while (true) {
    auto message = co_await box->next(std::chrono::steady_clock::now());
    if (!message) {
      if (message.error().kind != base::Kind::vendor_timeout) all.emplace_back(name(message.error().kind));
      co_return all;
    }
    all.push_back(std::move(message->text));
  }
}

class Hears final : public vendor::Listener {
 public:
  void on_message(vendor::Message message) override {
    EXPECT_GE(message.capacity(), message.size() + mcp::kPadding);
    messages.push_back(std::move(message));
  }
  void on_closed() override {}
  std::vector<std::string> messages;
};

class Routes : public testing::Test {
 protected:
  static std::vector<std::string> in(const std::shared_ptr<Mailbox>& box) { return fake::run(empty_out(box)); }
  std::optional<std::string> legacy(const std::string& text) { return routes_.route(received(text), {listener_}); }
  void modern(const std::string& text) { routes_.route_modern(received(text)); }

  std::shared_ptr<Hears> listener_ = std::make_shared<Hears>();
  std::shared_ptr<Mailbox> call_ = mailbox();
  std::shared_ptr<Mailbox> other_ = mailbox();
  std::shared_ptr<Mailbox> subscription_ = mailbox();
  vendor::detail::Routes routes_;
};

constexpr const char* kAnswer = R"({"jsonrpc":"2.0","id":7,"result":{}})";
constexpr const char* kChanged =
    R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":9}}})";

TEST_F(Routes, AResponseGoesToItsCallOnce) {
  routes_.add(7, call_);
  (void)legacy(kAnswer);
  (void)legacy(kAnswer);
  EXPECT_THAT(in(call_), ElementsAre(kAnswer));
  EXPECT_TRUE(routes_.idle());
}

TEST_F(Routes, ALegacyRequestGoesToTheOnlyCallElseToTheFirstListenerElseBack) {
  constexpr const char* kAsk = R"({"jsonrpc":"2.0","id":"q","method":"roots/list"})";
  EXPECT_FALSE(legacy(kAsk));
  EXPECT_THAT(listener_->messages, ElementsAre(kAsk));
  EXPECT_THAT(*routes_.route(received(kAsk), {}), HasSubstr("-32601"));
  routes_.add(7, call_);
  EXPECT_FALSE(legacy(kAsk));
  EXPECT_THAT(in(call_), ElementsAre(kAsk));
  routes_.add(8, other_);
  EXPECT_FALSE(legacy(kAsk));
  EXPECT_EQ(listener_->messages.size(), 2U);
}

TEST_F(Routes, ALegacyNotificationReachesEveryListener) {
  const auto second = std::make_shared<Hears>();
  (void)routes_.route(received(kChanged), {listener_, second});
  EXPECT_THAT(listener_->messages, ElementsAre(kChanged));
  EXPECT_THAT(second->messages, ElementsAre(kChanged));
}

TEST_F(Routes, AModernNotificationOfASubscriptionGoesThereHoweverItsIdIsWritten) {
  routes_.add(7, call_);
  routes_.add(9, subscription_, vendor::detail::Routes::Purpose::subscription);
  modern(kChanged);
  const std::string as_text =
      R"({"jsonrpc":"2.0","method":"notifications/x","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":"9"}}})";
  modern(as_text);
  EXPECT_THAT(in(subscription_), ElementsAre(kChanged, as_text));
  EXPECT_THAT(in(call_), IsEmpty());
}

TEST_F(Routes, AModernNotificationOfNoKnownSubscriptionIsNobodys) {
  modern(kChanged);
  EXPECT_THAT(in(subscription_), IsEmpty());
  EXPECT_THAT(listener_->messages, IsEmpty());
}

TEST_F(Routes, AModernNotificationWithoutAnAddressGoesToTheOnlyCall) {
  constexpr const char* kLog = R"({"jsonrpc":"2.0","method":"notifications/message","params":{}})";
  routes_.add(9, subscription_, vendor::detail::Routes::Purpose::subscription);
  modern(kLog);
  routes_.add(7, call_);
  modern(kLog);
  EXPECT_THAT(in(call_), ElementsAre(kLog));
  routes_.add(8, other_);
  modern(kLog);
  EXPECT_THAT(in(call_), IsEmpty()) << "of two nobody knows whose it is";
  EXPECT_THAT(in(subscription_), IsEmpty());
}

TEST_F(Routes, AModernProcessAsksNothing) {
  routes_.add(7, call_);
  modern(R"({"jsonrpc":"2.0","id":"q","method":"roots/list"})");
  EXPECT_THAT(in(call_), IsEmpty());
}

TEST_F(Routes, ASubscriptionEndsByItsResponseOrByBeingCancelled) {
  routes_.add(9, subscription_, vendor::detail::Routes::Purpose::subscription);
  modern(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":9}})");
  EXPECT_THAT(in(subscription_), ElementsAre("vendor_down"));
  const auto next = mailbox();
  routes_.add(10, next, vendor::detail::Routes::Purpose::subscription);
  modern(R"({"jsonrpc":"2.0","id":10,"result":{}})");
  EXPECT_THAT(in(next), ElementsAre(HasSubstr("result")));
}

TEST_F(Routes, ASubscriptionIsNoCallThatKeepsAProcessBusyOrIsAsked) {
  routes_.add(9, subscription_, vendor::detail::Routes::Purpose::subscription);
  EXPECT_TRUE(routes_.idle());
}

TEST_F(Routes, CancellingEndsTheWaitOfThatCallOnly) {
  routes_.add(7, call_);
  routes_.add(8, other_);
  EXPECT_TRUE(routes_.cancel(7));
  EXPECT_FALSE(routes_.cancel(7));
  EXPECT_THAT(in(call_), ElementsAre("cancelled"));
  EXPECT_THAT(in(other_), IsEmpty());
}

TEST_F(Routes, FailingAllReachesCallsAndSubscriptions) {
  routes_.add(7, call_);
  routes_.add(9, subscription_, vendor::detail::Routes::Purpose::subscription);
  routes_.fail_all({base::Kind::vendor_down, "x", "x", "", std::nullopt});
  EXPECT_THAT(in(call_), ElementsAre("vendor_down"));
  EXPECT_THAT(in(subscription_), ElementsAre("vendor_down"));
}

}  // namespace
