#include "vendor/channel_health_probe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake/run.hpp"
#include "fixture.hpp"
#include "mcp/own_info.hpp"

namespace {

using namespace std::chrono_literals;

// What the fake vendor does, and what was asked of it.
struct Script {
  std::vector<std::string> answers{R"({"jsonrpc":"2.0","id":1,"result":{}})"};
  std::optional<base::Error> open_error;
  std::optional<base::Error> ping_error;
  std::string sent;
  int opened = 0;
  int pinged = 0;
  int closed = 0;
  mcp::Era era = mcp::Era::legacy;
};

class ScriptedCall final : public vendor::Call {
 public:
  explicit ScriptedCall(std::vector<std::string> answers) : answers_(std::move(answers)) {}
  base::Soon<vendor::Message> next(base::SteadyTime) override {
    if (at_ == answers_.size()) co_return base::fail(base::Kind::vendor_invalid, "vendor.end", "ended");
    auto message = answers_[at_++];
    message.reserve(message.size() + 64);
    co_return message;
  }

 private:
  std::vector<std::string> answers_;
  std::size_t at_ = 0;
};

class ScriptedChannel final : public vendor::Channel {
 public:
  explicit ScriptedChannel(std::shared_ptr<Script> script) : script_(std::move(script)) {}
  [[nodiscard]] mcp::Era era() const override { return script_->era; }
  [[nodiscard]] const std::string& opening_result() const override { return nothing_; }
  [[nodiscard]] const std::string& protocol_version() const override { return nothing_; }
  [[nodiscard]] bool stateful() const override { return true; }
  [[nodiscard]] bool closed() const override { return closed_; }
  [[nodiscard]] std::uint64_t next_id() override { return ++id_; }
  base::Soon<std::unique_ptr<vendor::Call>> request(vendor::Outgoing outgoing, base::SteadyTime) override {
    ++script_->pinged;
    script_->sent = std::string(outgoing.pieces.front());
    if (script_->ping_error) co_return base::Failure(*std::exchange(script_->ping_error, std::nullopt));
    std::unique_ptr<vendor::Call> call = std::make_unique<ScriptedCall>(script_->answers);
    co_return call;
  }
  base::Async<void> notify(vendor::Outgoing, base::SteadyTime) override { co_return base::Result<void>(); }
  base::Async<void> cancel(std::uint64_t, std::string, base::SteadyTime) override { co_return base::Result<void>(); }
  void listen(std::weak_ptr<vendor::Listener>, vendor::Subscriptions) override {}
  base::Task<bool> hears(base::SteadyTime) override { co_return false; }
  void close() override {
    closed_ = true;
    ++script_->closed;
  }

 private:
  std::shared_ptr<Script> script_;
  std::string nothing_;
  std::uint64_t id_ = 0;
  bool closed_ = false;
};

class ScriptedChannels final : public vendor::Channels {
 public:
  explicit ScriptedChannels(std::shared_ptr<Script> script) : script_(std::move(script)) {}
  base::Async<std::shared_ptr<vendor::Channel>> open(vendor::OpenParams params, base::SteadyTime) override {
    EXPECT_EQ(params.initialize_params, mcp::own_initialize_params());
    EXPECT_TRUE(params.injection->headers.empty());
    if (script_->open_error) co_return base::Failure(*script_->open_error);
    ++script_->opened;
    std::shared_ptr<vendor::Channel> channel = std::make_shared<ScriptedChannel>(script_);
    co_return channel;
  }

 private:
  std::shared_ptr<Script> script_;
};

class ChannelHealthProbe : public testing::Test {
 protected:
  base::Result<void> check() { return fake::run(probe_.check(acme_, std::chrono::steady_clock::now() + 1s)); }
  static base::Error error(base::Kind kind, std::string code = "vendor.x") {
    return {kind, std::move(code), "words", "", std::nullopt};
  }

  std::shared_ptr<Script> script_ = std::make_shared<Script>();
  ScriptedChannels channels_{script_};
  vendor::ChannelHealthProbe probe_{channels_};
  std::shared_ptr<const vendor::Definition> acme_ =
      vendor_test::shared(vendor_test::definition(vendor_test::kOpenVendor));
};

TEST_F(ChannelHealthProbe, FirstCheckOpensASessionAndLaterOnesPingIt) {
  EXPECT_TRUE(check());
  EXPECT_TRUE(check());
  EXPECT_TRUE(check());
  EXPECT_EQ(script_->opened, 1);
  EXPECT_EQ(script_->pinged, 2);
  EXPECT_EQ(script_->sent, R"({"jsonrpc":"2.0","id":2,"method":"ping"})");
}

TEST_F(ChannelHealthProbe, VendorOfTheModernEraIsDiscoveredInsteadOfPinged) {
  script_->era = mcp::Era::modern;
  EXPECT_TRUE(check());
  EXPECT_EQ(script_->pinged, 1) << "opening may have asked it nothing";
  EXPECT_THAT(script_->sent, testing::HasSubstr(R"("id":1,"method":"server/discover","params":{"_meta":{"io.)"));
  EXPECT_TRUE(check());
  EXPECT_EQ(script_->opened, 1);
  EXPECT_EQ(script_->pinged, 2);
  script_->ping_error = error(base::Kind::vendor_down);
  EXPECT_FALSE(check());
}

TEST_F(ChannelHealthProbe, JsonRpcErrorIsAnAnswerToo) {
  EXPECT_TRUE(check());
  script_->answers = {R"({"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no ping here"}})"};
  EXPECT_TRUE(check());
}

TEST_F(ChannelHealthProbe, NotificationBeforeTheAnswerIsASignOfLifeToo) {
  EXPECT_TRUE(check());
  script_->answers.insert(script_->answers.begin(), R"({"jsonrpc":"2.0","method":"notifications/message"})");
  EXPECT_TRUE(check());
}

TEST_F(ChannelHealthProbe, AnswerThatEndsWithoutAnyMessageIsAFailure) {
  EXPECT_TRUE(check());
  script_->answers.clear();
  EXPECT_EQ(check().error().kind, base::Kind::vendor_invalid);
}

TEST_F(ChannelHealthProbe, SessionThatTheVendorForgotIsOpenedAgainWithinTheSameCheck) {
  EXPECT_TRUE(check());
  script_->ping_error = error(base::Kind::not_found, "vendor.session_gone");
  EXPECT_TRUE(check());
  EXPECT_EQ(script_->opened, 2);
  EXPECT_EQ(script_->closed, 1);
}

TEST_F(ChannelHealthProbe, FailedPingIsTheVerdictAndTheNextCheckStartsAfresh) {
  EXPECT_TRUE(check());
  script_->ping_error = error(base::Kind::vendor_timeout);
  EXPECT_EQ(check().error().kind, base::Kind::vendor_timeout);
  EXPECT_EQ(script_->opened, 1);
  EXPECT_TRUE(check());
  EXPECT_EQ(script_->opened, 2);
}

TEST_F(ChannelHealthProbe, FailureToOpenIsTheVerdict) {
  script_->open_error = error(base::Kind::vendor_down);
  EXPECT_EQ(check().error().kind, base::Kind::vendor_down);
}

TEST_F(ChannelHealthProbe, ForgottenDefinitionsSessionIsClosed) {
  EXPECT_TRUE(check());
  probe_.forget(vendor_test::shared(*acme_));
  EXPECT_EQ(script_->closed, 0);
  probe_.forget(acme_);
  EXPECT_EQ(script_->closed, 1);
}

}  // namespace
