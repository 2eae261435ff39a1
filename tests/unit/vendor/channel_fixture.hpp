// Channels on two real I/O threads against a fake vendor.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/io_threads.hpp"
#include "base/random.hpp"
#include "base/spawn.hpp"
#include "fake/fake_vendor.hpp"
#include "mcp/envelope.hpp"
#include "mcp/modern_request.hpp"
#include "vendor/memory_health_board.hpp"
#include "vendor/transport_channels.hpp"

namespace vendor_test {

inline constexpr const char* kInitializeParams =
    R"({"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"test","version":"1"}})";

// Waits, in small steps and not for ever, until `holds`.
inline bool eventually(const std::function<bool()>& holds) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

// Keeps what it hears.
class HearingListener final : public vendor::Listener {
 public:
  void on_message(vendor::Message message) override {
    const std::lock_guard lock(mutex_);
    messages_.push_back(std::move(message));
  }
  void on_closed() override { closed = true; }
  [[nodiscard]] std::vector<std::string> messages() const {
    const std::lock_guard lock(mutex_);
    return messages_;
  }
  std::atomic<bool> closed = false;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> messages_;
};

// What came for one request: the messages, the last one the response, or the error that ended it.
struct Answer {
  std::vector<std::string> messages;
  std::optional<base::Error> error;

  [[nodiscard]] std::string last() const { return messages.empty() ? std::string() : messages.back(); }
  [[nodiscard]] std::string error_text() const {
    return error ? std::string(name(error->kind)) + ": " + error->message : "no error";
  }
};

// A request as the channel's vendor takes it.
inline std::string request_text(const vendor::Channel& channel, std::uint64_t id, const std::string& method,
                                const std::string& params) {
  std::string text =
      R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")" + method + R"(","params":)" + params + "}";
  if (channel.era() == mcp::Era::legacy) return text;
  text.reserve(text.size() + mcp::kPadding);
  return mcp::with_request_meta(text, *mcp::scan(text),
                                {.protocol_version = channel.protocol_version(),
                                 .client_info = R"({"name":"test","version":"1"})",
                                 .client_capabilities = "{}",
                                 .log_level = {}});
}

inline base::Task<Answer> ask(std::shared_ptr<vendor::Channel> channel, std::string method, std::string params,
                              std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  const auto id = channel->next_id();
  const auto text = request_text(*channel, id, method, params);
  const std::array<std::string_view, 1> pieces{text};
  const vendor::Outgoing outgoing{
      .pieces = pieces, .method = method, .name = "echo", .id = id, .traceparent = "00-trace"};
  Answer answer;
  auto call = co_await channel->request(outgoing, deadline);
  while (call) {
    auto message = co_await (*call)->next(deadline);
    if (!message) {
      answer.error = message.error();
      co_return answer;
    }
    const auto envelope = mcp::scan(*message);
    answer.messages.push_back(*message);
    if (envelope && envelope->shape == mcp::Shape::response) co_return answer;
  }
  answer.error = call.error();
  co_return answer;
}

class ChannelTest : public testing::Test {
 protected:
  ChannelTest()
      : clients_(2, [this](std::size_t i) {
          return std::make_unique<http::Client>(threads_.executor(i), http::ClientLimits{});
        }) {
    config_.http.retry = std::chrono::milliseconds(100);
    config_.stdio.environment = vendor::inherited_environment();
    config_.stdio.restart.first_delay = std::chrono::milliseconds(200);
  }

  ~ChannelTest() override {
    if (!channels_) return;
    run(channels_->close());
    threads_.stop();
  }

  // The channels, made at the first use, so that a test can change config_ before.
  vendor::TransportChannels& channels() {
    if (!channels_) {
      channels_ = std::make_unique<vendor::TransportChannels>(threads_, clients_, board_, clock_, random_, config_);
      threads_.start();
    }
    return *channels_;
  }

  // Runs a coroutine on an I/O thread and waits for its end.
  template <class T>
  T run(base::Task<T> task, std::size_t thread = 0) {
    auto result = base::spawn(threads_.executor(thread), std::move(task), boost::asio::use_future);
    if (result.wait_for(std::chrono::seconds(60)) != std::future_status::ready) throw std::runtime_error("it hangs");
    return result.get();
  }

  static std::shared_ptr<vendor::Definition> http_definition(const std::string& url) {
    auto definition = std::make_shared<vendor::Definition>();
    definition->slug = "acme";
    definition->enabled = true;
    definition->http = vendor::HttpTransport{*http::parse_url(url), {}};
    return definition;
  }

  base::Result<std::shared_ptr<vendor::Channel>> open(std::shared_ptr<const vendor::Definition> definition,
                                                      vendor::Injection injection = {}, std::string affinity = {},
                                                      std::chrono::milliseconds patience = std::chrono::seconds(20),
                                                      std::size_t thread = 0) {
    vendor::OpenParams params{.definition = std::move(definition),
                              .injection = std::make_shared<const vendor::Injection>(std::move(injection)),
                              .initialize_params = kInitializeParams,
                              .affinity = std::move(affinity)};
    return run(channels().open(std::move(params), std::chrono::steady_clock::now() + patience), thread);
  }

  Answer call(const std::shared_ptr<vendor::Channel>& channel, std::string method = "tools/call",
              std::string params = R"({"name":"echo"})", std::chrono::milliseconds patience = std::chrono::seconds(20),
              std::size_t thread = 0) {
    return run(ask(channel, std::move(method), std::move(params), patience), thread);
  }

  base::Result<void> notify(const std::shared_ptr<vendor::Channel>& channel, const std::string& text,
                            const std::string& method) {
    const std::array<std::string_view, 1> pieces{text};
    const vendor::Outgoing outgoing{.pieces = pieces, .method = method, .name = {}, .traceparent = {}};
    return run(channel->notify(outgoing, std::chrono::steady_clock::now() + std::chrono::seconds(20)));
  }

  // As a caller on an I/O thread does.
  void listen(const std::shared_ptr<vendor::Channel>& channel, const std::shared_ptr<vendor::Listener>& listener,
              vendor::Subscriptions subscriptions = {}) {
    run(start_listening(channel, listener, std::move(subscriptions)));
  }

  base::IoThreads threads_{2};
  base::PerThread<http::Client> clients_;
  base::SystemClock clock_;
  base::SystemRandom random_;
  vendor::MemoryHealthBoard board_{clock_};
  vendor::ChannelsConfig config_;

 private:
  static base::Task<void> start_listening(std::shared_ptr<vendor::Channel> channel,
                                          std::weak_ptr<vendor::Listener> listener,
                                          vendor::Subscriptions subscriptions) {
    channel->listen(std::move(listener), std::move(subscriptions));
    co_return;
  }

  std::unique_ptr<vendor::TransportChannels> channels_;
};

}  // namespace vendor_test
