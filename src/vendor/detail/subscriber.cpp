#include "vendor/detail/subscriber.hpp"

#include "base/log.hpp"
#include "vendor/detail/subscription_filter.hpp"

namespace vendor::detail {

Subscriber::Subscriber(std::string vendor, std::string discover_result, Tasks& tasks, base::Random& random,
                       SubscriptionConfig config, std::size_t most)
    : vendor_(std::move(vendor)),
      discover_result_(std::move(discover_result)),
      tasks_(tasks),
      random_(random),
      config_(config),
      most_(most) {}

void Subscriber::listen(std::weak_ptr<SubscriptionPeer> peer, std::weak_ptr<Listener> listener,
                        const Subscriptions& subscriptions) {
  slot_->set(std::move(listener));
  auto filter = offered(subscriptions, discover_result_);
  auto& local = tasks_.local();
  auto place = local.place(vendor_, most_);
  std::shared_ptr<Subscription> opening;
  {
    const base::Lock lock(mutex_);
    if (stopped_ || (current_ && current_->filter() == filter)) return;
    if (is_empty(filter)) return end_current();
    if (!place) return base::log::debug("vendor.too_many_streams", {{"vendor", vendor_}});
    opening = std::make_shared<Subscription>(tasks_.executor(base::IoThreads::current()), std::move(peer), vendor_,
                                             std::move(filter), slot_, random_, config_, current_, changed_);
    current_ = opening;
  }
  local.streams.spawn("vendor.subscription", run(std::move(opening), *std::move(place)));
}

base::Task<bool> Subscriber::hears(base::SteadyTime deadline) {
  while (true) {
    auto ticket = changed_->prepare();
    {
      const base::Lock lock(mutex_);
      if (stopped_) co_return false;
      if (!current_ || current_->state() == Subscription::State::heard) co_return true;
      if (current_->state() == Subscription::State::ended) co_return false;
    }
    if (!co_await ticket.wait(deadline)) co_return false;
  }
}

void Subscriber::stop() {
  {
    const base::Lock lock(mutex_);
    stopped_ = true;
    end_current();
  }
  changed_->notify_all();
}

base::Task<void> Subscriber::run(std::shared_ptr<Subscription> subscription, StreamPlace) {
  co_await Subscription::run(std::move(subscription));
}

void Subscriber::end_current() {
  if (current_) Subscription::stop(current_);
  current_.reset();
}

}  // namespace vendor::detail
