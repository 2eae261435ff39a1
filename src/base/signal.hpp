// "Something changed", told to whoever subscribed: credentials, vendor health, lists. Thread-safe.
// Subscribers are called on the thread that emits, in order of subscription, with no lock held: they post to their
// own thread if they must, and may subscribe or emit again.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "base/mutex.hpp"

namespace base {

template <class Event>
class Signal {
  struct State {
    Mutex mutex;
    std::uint64_t next MCPGW_GUARDED_BY(mutex) = 0;
    std::map<std::uint64_t, std::shared_ptr<std::function<void(const Event&)>>> subscribers MCPGW_GUARDED_BY(mutex);
  };

 public:
  // Ends the subscription when it goes. A call already under way on another thread may still finish after that.
  class Subscription {
   public:
    Subscription() = default;
    Subscription(Subscription&&) noexcept = default;
    Subscription& operator=(Subscription&& other) noexcept {
      std::swap(state_, other.state_);
      std::swap(id_, other.id_);
      return *this;
    }
    ~Subscription() {
      if (auto state = state_.lock()) {
        const Lock lock(state->mutex);
        state->subscribers.erase(id_);
      }
    }

   private:
    friend class Signal;
    Subscription(std::weak_ptr<State> state, std::uint64_t id) : state_(std::move(state)), id_(id) {}
    std::weak_ptr<State> state_;
    std::uint64_t id_ = 0;
  };

  [[nodiscard]] Subscription subscribe(std::function<void(const Event&)> subscriber) {
    const Lock lock(state_->mutex);
    const auto id = state_->next++;
    state_->subscribers.emplace(id, std::make_shared<std::function<void(const Event&)>>(std::move(subscriber)));
    return {state_, id};
  }

  void emit(const Event& event) const {
    for (const auto& subscriber : copy()) (*subscriber)(event);
  }

 private:
  [[nodiscard]] auto copy() const {
    const Lock lock(state_->mutex);
    std::vector<std::shared_ptr<std::function<void(const Event&)>>> all;
    for (const auto& [id, subscriber] : state_->subscribers) all.push_back(subscriber);
    return all;
  }

  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace base
