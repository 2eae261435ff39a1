// How a channel of the modern era listens, whatever its transport: one subscription at a time, replaced without a gap.
#pragma once

#include <memory>
#include <string>

#include "base/mutex.hpp"
#include "vendor/detail/subscription.hpp"
#include "vendor/detail/thread_tasks.hpp"

namespace vendor::detail {

// Thread-safe.
class Subscriber {
 public:
  // REQUIRES: the references outlive this. No more than `most` streams per vendor and I/O thread.
  Subscriber(std::string vendor, std::string discover_result, Tasks& tasks, base::Random& random,
             SubscriptionConfig config, std::size_t most);

  // As Channel::listen; `peer` is the channel. REQUIRES: an I/O thread.
  void listen(std::weak_ptr<SubscriptionPeer> peer, std::weak_ptr<Listener> listener,
              const Subscriptions& subscriptions);
  // As Channel::hears.
  base::Task<bool> hears(base::SteadyTime deadline);
  // Ends the stream, for ever.
  void stop();
  [[nodiscard]] std::shared_ptr<Listener> listener() const { return slot_->get(); }

 private:
  static base::Task<void> run(std::shared_ptr<Subscription> subscription, StreamPlace place);
  void end_current() MCPGW_REQUIRES(mutex_);

  const std::string vendor_;
  const std::string discover_result_;
  Tasks& tasks_;
  base::Random& random_;
  const SubscriptionConfig config_;
  const std::size_t most_;
  const std::shared_ptr<ListenerSlot> slot_ = std::make_shared<ListenerSlot>();
  const std::shared_ptr<base::Notifier> changed_ = std::make_shared<base::Notifier>();
  base::Mutex mutex_;
  bool stopped_ MCPGW_GUARDED_BY(mutex_) = false;
  std::shared_ptr<Subscription> current_ MCPGW_GUARDED_BY(mutex_);  // nullptr: nothing is wanted
};

}  // namespace vendor::detail
