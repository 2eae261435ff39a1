// One subscriptions/listen, kept open and opened anew until somebody ends it (2026-07-28 basic/patterns/subscriptions).
// The transport is the channel's: this asks, hears, and decides when to ask again.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/mutex.hpp"
#include "base/notifier.hpp"
#include "base/random.hpp"
#include "vendor/channel.hpp"
#include "vendor/detail/listener_slot.hpp"
#include "vendor/detail/stop_signal.hpp"

namespace vendor::detail {

// The channel that a subscription belongs to. Thread-safe.
class SubscriptionPeer {
 public:
  virtual ~SubscriptionPeer() = default;
  [[nodiscard]] virtual std::uint64_t next_subscription_id() = 0;
  // Sends subscriptions/listen; reports nothing to the health board: streams end for many reasons. The call's next()
  // waits as long as its transport has signs of life within the time given. Errors: those of Call::next.
  virtual base::Async<std::unique_ptr<Call>> subscribe(Outgoing outgoing, base::SteadyTime deadline) = 0;
};

struct SubscriptionConfig {
  std::chrono::milliseconds retry{1'000};  // before opening anew after the first loss; grows with more
  std::chrono::milliseconds quiet{900'000};
};

// Thread: created and run on one I/O thread; stop() from any.
class Subscription {
 public:
  // REQUIRES: random outlives this. `before` is ended as soon as the vendor acknowledges this one: nothing is
  // lost in between. `changed` is notified when state() changes.
  Subscription(base::Executor executor, std::weak_ptr<SubscriptionPeer> peer, std::string vendor, Subscriptions filter,
               std::shared_ptr<ListenerSlot> slot, base::Random& random, SubscriptionConfig config,
               std::shared_ptr<Subscription> before, std::shared_ptr<base::Notifier> changed);

  // Returns when it has ended for good: stopped, refused by the vendor, or its channel gone.
  static base::Task<void> run(std::shared_ptr<Subscription> self);
  static void stop(const std::shared_ptr<Subscription>& self);

  enum class State { opening, heard, ended };
  // Thread-safe.
  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const Subscriptions& filter() const [[clang::lifetimebound]] { return filter_; }

 private:
  enum class Next { again, never };

  base::Task<void> loop();
  base::Task<Next> open_once();
  base::Task<Next> hear(std::unique_ptr<Call> call);
  base::Task<void> pause();
  void acknowledge();
  void set(State state);

  const base::Executor executor_;
  const std::weak_ptr<SubscriptionPeer> peer_;
  const std::string vendor_;
  const Subscriptions filter_;
  const std::shared_ptr<ListenerSlot> slot_;
  base::Random& random_;
  const SubscriptionConfig config_;
  const std::shared_ptr<StopSignal> stop_;
  base::Mutex mutex_;
  std::shared_ptr<Subscription> before_ MCPGW_GUARDED_BY(mutex_);
  const std::shared_ptr<base::Notifier> changed_;
  std::atomic<State> state_ = State::opening;
  int attempts_ = 0;
  int failures_ = 0;  // in a row
};

}  // namespace vendor::detail
