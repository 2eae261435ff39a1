#include "base/notifier.hpp"

#include <algorithm>

namespace base {

namespace asio = boost::asio;

Notifier::Ticket Notifier::prepare() {
  const Lock lock(state_->mutex);
  return {state_, state_->generation};
}

void Notifier::notify_all() {
  const Lock lock(state_->mutex);
  ++state_->generation;
  // The waiter entered the list before it began to wait, on its own thread; this runs there later, so it finds it
  // waiting. Posted under the lock, which a waiter must take to leave: so no timer ends here, away from its loop.
  for (auto& waiter : state_->waiters) waiter.door->post([timer = waiter.timer] { timer->cancel(); });
  state_->waiters.clear();
}

// Takes the waiter out of the list however its wait ends, also when its coroutine is destroyed with its loop.
struct Notifier::Ticket::Place {
  State& state;
  const std::shared_ptr<Timer>& timer;
  ~Place() {
    const Lock lock(state.mutex);
    std::erase_if(state.waiters, [&](const Waiter& waiter) { return waiter.timer == timer; });
  }
};

Task<bool> Notifier::Ticket::wait(SteadyTime until) {
  const auto state = state_;
  const auto generation = generation_;
  const Executor executor = co_await asio::this_coro::executor;
  const auto timer = std::make_shared<Timer>(executor, until);
  {
    const Lock lock(state->mutex);
    if (state->generation != generation) co_return true;
    state->waiters.push_back({LoopDoor::of(executor), timer});
  }
  const Place place{*state, timer};
  boost::system::error_code ended;
  co_await timer->async_wait(error_into(ended));
  const Lock lock(state->mutex);
  co_return state->generation != generation;
}

}  // namespace base
