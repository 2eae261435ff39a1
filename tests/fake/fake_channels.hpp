// Vendors without a transport: channels whose answers a test scripts. "$ID" in an answer stands for the request's id;
// an answer kUntilAnswered is no message: the next one comes when the caller has answered something that the vendor
// asked; an empty one is a pause of the vendor's stream; kUntilCancelled stands for the end of a call that
// the caller cancels.
#pragma once

#include <algorithm>
#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <regex>
#include <string>
#include <vector>

#include "base/notifier.hpp"
#include "vendor/channel.hpp"

namespace fake {

struct SeenRequest {
  std::string vendor;
  std::string key;  // of the injection
  std::string method;
  std::string name;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

// What somebody wants to hear on a channel.
struct SeenListen {
  std::string vendor;
  std::string key;
  vendor::Subscriptions subscriptions;
};

// One message of an answer, or the error that stands in its place.
using Step = base::Result<std::string>;
inline constexpr std::string_view kUntilAnswered = "until answered";
inline constexpr std::string_view kUntilCancelled = "until cancelled";
// How long a vendor pauses.
inline constexpr std::chrono::milliseconds kRetry{500};

class FakeChannels final : public vendor::Channels {
 public:
  struct Script {
    std::function<std::vector<Step>(const SeenRequest&)> answer;
    // Awaited before a request is answered, when set. It may come back after the deadline: then the request times out.
    std::function<base::Task<void>(base::SteadyTime deadline)> dawdle;
    // Awaited before the vendor hears what it is listened to for, when set.
    std::function<base::Task<void>(base::SteadyTime deadline)> slow_to_hear;
    base::Result<void> open{};
    bool stateful = true;
    mcp::Era era = mcp::Era::legacy;
    std::string opening_result =
        R"({"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"v","version":"1"}})";
  };

  std::map<std::string, Script> vendors;

  base::Async<std::shared_ptr<vendor::Channel>> open(vendor::OpenParams params, base::SteadyTime) override {
    ++opened;
    auto& script = vendors.at(params.definition->slug);
    if (!script.open) co_return script.open.failure();
    auto channel = std::make_shared<FakeChannel>(*this, params);
    {
      const std::lock_guard lock(mutex_);
      channels_.push_back(channel);
      initialize_params_.push_back(params.initialize_params);
    }
    co_return std::static_pointer_cast<vendor::Channel>(channel);
  }

  [[nodiscard]] std::vector<SeenRequest> seen() const {
    const std::lock_guard lock(mutex_);
    return seen_;
  }
  [[nodiscard]] std::vector<SeenRequest> notified() const {
    const std::lock_guard lock(mutex_);
    return notified_;
  }
  // What the clients were said to be, channel by channel.
  [[nodiscard]] std::vector<std::string> initialize_params() const {
    const std::lock_guard lock(mutex_);
    return initialize_params_;
  }
  // Answers to what the vendors asked.
  [[nodiscard]] std::size_t responses() const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::ranges::count(notified_, "", &SeenRequest::method));
  }
  [[nodiscard]] std::vector<std::uint64_t> cancelled() const {
    const std::lock_guard lock(mutex_);
    return cancelled_;
  }
  [[nodiscard]] std::vector<SeenListen> listened() const {
    const std::lock_guard lock(mutex_);
    return listened_;
  }
  // Those of a vendor that are open.
  [[nodiscard]] std::size_t open_channels(std::string_view vendor) const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::ranges::count_if(
        channels_, [&](const auto& channel) { return channel->vendor_ == vendor && !channel->closed(); }));
  }
  // The vendor forgets every session.
  void lose(std::string_view vendor) {
    std::vector<std::shared_ptr<vendor::Listener>> listeners;
    {
      const std::lock_guard lock(mutex_);
      for (auto& channel : channels_) {
        if (channel->vendor_ != vendor || channel->closed_.exchange(true)) continue;
        ++closed;
        if (auto listener = channel->listener_.lock()) listeners.push_back(listener);
      }
    }
    for (auto& listener : listeners) listener->on_closed();
  }
  // What the vendor says by itself, on every channel somebody listens to.
  void say(const std::string& message) {
    std::vector<std::shared_ptr<vendor::Listener>> listeners;
    {
      const std::lock_guard lock(mutex_);
      for (auto& channel : channels_) {
        auto listener = channel->closed() ? nullptr : channel->listener_.lock();
        if (listener) listeners.push_back(std::move(listener));
      }
    }
    for (auto& listener : listeners) listener->on_message(message);
  }

  std::atomic<int> opened{0};
  std::atomic<int> closed{0};

 private:
  class FakeCall final : public vendor::Call {
   public:
    FakeCall(FakeChannels& owner, std::vector<Step> steps, std::uint64_t id)
        : owner_(owner), steps_(steps.begin(), steps.end()), id_(std::to_string(id)) {}
    base::Soon<vendor::Message> next(base::SteadyTime deadline) override {
      while (!steps_.empty() && steps_.front() && *steps_.front() == kUntilAnswered) {
        steps_.pop_front();
        co_await answered(deadline);
      }
      if (!steps_.empty() && steps_.front() && *steps_.front() == kUntilCancelled) {
        co_await cancelled(deadline);
        co_return base::fail(base::Kind::cancelled, "cancelled", "The request was cancelled.");
      }
      if (steps_.empty()) co_return base::fail(base::Kind::vendor_invalid, "vendor.ended", "ended without a response");
      auto step = std::move(steps_.front());
      steps_.pop_front();
      if (!step) co_return std::move(step).failure();
      std::string text;
      static const std::regex kId(R"(\$ID)");
      text.reserve(step->size() + 256);
      text = std::regex_replace(*step, kId, id_);
      text.reserve(text.size() + 64);
      if (text.size() <= whole_) co_return text;
      rest_ = text.substr(kPart);
      co_return text.substr(0, kPart);
    }
    void take_parts_beyond(std::size_t bytes) override { whole_ = bytes; }
    [[nodiscard]] bool has_more() const override { return rest_.has_value(); }
    // A step behind a response in parts is an error that takes the place of its last part.
    base::Soon<std::string_view> more(base::SteadyTime) override {
      part_ = rest_->substr(0, kPart);
      rest_->erase(0, kPart);
      if (rest_->empty() && !steps_.empty()) co_return base::Failure(steps_.front().error());
      if (part_.empty()) rest_.reset();
      co_return part_;
    }
    void put_back(vendor::Message&& first) override {
      steps_.emplace_front(first + *std::exchange(rest_, std::nullopt));
      whole_ = std::string::npos;
    }
    [[nodiscard]] bool streams() const override {
      return std::ranges::any_of(steps_, [](const Step& step) { return step && step->empty(); });
    }
    [[nodiscard]] std::chrono::milliseconds retry() const override { return kRetry; }

   private:
    // Waits for one more response of the caller than there were when the call began.
    base::Task<void> answered(base::SteadyTime deadline) {
      ++waited_;
      while (true) {
        auto ticket = owner_.notified_signal_.prepare();
        if (owner_.responses() >= before_ + waited_) co_return;
        if (!co_await ticket.wait(deadline)) co_return;
      }
    }

    base::Task<void> cancelled(base::SteadyTime deadline) {
      while (true) {
        auto ticket = owner_.notified_signal_.prepare();
        const auto ids = owner_.cancelled();
        if (std::ranges::find(ids, std::stoull(id_)) != ids.end()) co_return;
        if (!co_await ticket.wait(deadline)) co_return;
      }
    }

    FakeChannels& owner_;
    std::deque<Step> steps_;
    std::string id_;
    const std::size_t before_ = owner_.responses();
    std::size_t waited_ = 0;
    static constexpr std::size_t kPart = 10'000;
    std::size_t whole_ = std::string::npos;
    std::string part_;
    std::optional<std::string> rest_;
  };

  class FakeChannel final : public vendor::Channel {
   public:
    FakeChannel(FakeChannels& owner, const vendor::OpenParams& params)
        : owner_(owner), vendor_(params.definition->slug), key_(params.injection->key) {}
    [[nodiscard]] mcp::Era era() const override { return script().era; }
    [[nodiscard]] const std::string& opening_result() const override { return script().opening_result; }
    [[nodiscard]] const std::string& protocol_version() const override { return version_; }
    [[nodiscard]] bool stateful() const override { return script().stateful; }
    [[nodiscard]] bool closed() const override { return closed_; }
    [[nodiscard]] std::uint64_t next_id() override { return ++id_; }
    base::Soon<std::unique_ptr<vendor::Call>> request(vendor::Outgoing outgoing, base::SteadyTime deadline) override {
      const auto seen = note(outgoing, owner_.seen_);
      if (script().dawdle) co_await script().dawdle(deadline);
      if (std::chrono::steady_clock::now() >= deadline) {
        co_return base::fail(base::Kind::vendor_timeout, "vendor.timeout", "no answer in time");
      }
      auto steps = script().answer(seen);
      if (!steps.empty() && !steps.front()) co_return base::Failure(steps.front().error());
      co_return std::make_unique<FakeCall>(owner_, std::move(steps), outgoing.id);
    }
    base::Async<void> notify(vendor::Outgoing outgoing, base::SteadyTime) override {
      (void)note(outgoing, owner_.notified_);
      owner_.notified_signal_.notify_all();
      co_return base::Result<void>();
    }
    base::Async<void> cancel(std::uint64_t id, std::string, base::SteadyTime) override {
      {
        const std::lock_guard lock(owner_.mutex_);
        owner_.cancelled_.push_back(id);
      }
      owner_.notified_signal_.notify_all();
      co_return base::Result<void>();
    }
    void listen(std::weak_ptr<vendor::Listener> listener, vendor::Subscriptions subscriptions) override {
      const std::lock_guard lock(owner_.mutex_);
      owner_.listened_.push_back({vendor_, key_, std::move(subscriptions)});
      listener_ = std::move(listener);
    }
    base::Task<bool> hears(base::SteadyTime deadline) override {
      if (script().slow_to_hear) co_await script().slow_to_hear(deadline);
      co_return !closed_;
    }
    void close() override {
      if (!closed_.exchange(true)) ++owner_.closed;
    }

   private:
    friend FakeChannels;
    [[nodiscard]] const Script& script() const { return owner_.vendors.at(vendor_); }
    SeenRequest note(const vendor::Outgoing& outgoing, std::vector<SeenRequest>& into) {
      SeenRequest seen{vendor_,
                       key_,
                       std::string(outgoing.method),
                       std::string(outgoing.name),
                       {},
                       {outgoing.headers.begin(), outgoing.headers.end()}};
      for (const auto piece : outgoing.pieces) seen.body += piece;
      const std::lock_guard lock(owner_.mutex_);
      into.push_back(seen);
      return seen;
    }

    FakeChannels& owner_;
    const std::string vendor_;
    const std::string key_;
    const std::string version_ = "2025-11-25";
    std::atomic<bool> closed_{false};
    std::atomic<std::uint64_t> id_{100};
    std::weak_ptr<vendor::Listener> listener_;
  };

  base::Notifier notified_signal_;
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<FakeChannel>> channels_;
  std::vector<SeenRequest> seen_;
  std::vector<SeenRequest> notified_;
  std::vector<SeenListen> listened_;
  std::vector<std::string> initialize_params_;
  std::vector<std::uint64_t> cancelled_;
};

}  // namespace fake
