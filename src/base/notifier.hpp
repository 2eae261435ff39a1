// Wakes coroutines that wait for something, whatever I/O thread they are on. Thread-safe.
//
//   auto ticket = notifier.prepare();      // first the ticket,
//   if (condition()) co_return;            // then the condition: nothing between is missed
//   co_await ticket.wait(until);
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/async.hpp"
#include "base/loop_door.hpp"
#include "base/mutex.hpp"

namespace base {

class Notifier {
  struct Waiter {
    std::shared_ptr<LoopDoor> door;
    std::shared_ptr<Timer> timer;
  };
  struct State {
    Mutex mutex;
    std::uint64_t generation MCPGW_GUARDED_BY(mutex) = 0;
    std::vector<Waiter> waiters MCPGW_GUARDED_BY(mutex);
  };

 public:
  class Ticket {
   public:
    // True when notified since prepare(), false when `until` passed or the caller was cancelled.
    Task<bool> wait(SteadyTime until);

   private:
    friend class Notifier;
    struct Place;
    Ticket(std::shared_ptr<State> state, std::uint64_t generation)
        : state_(std::move(state)), generation_(generation) {}
    std::shared_ptr<State> state_;
    std::uint64_t generation_;
  };

  [[nodiscard]] Ticket prepare();
  void notify_all();

 private:
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace base
