// Lets a coroutine sleep on its I/O thread until another thread says that its piece of work has ended.
//
// The coroutine stays suspended inside its own event loop, on a timer; the other thread holds only this shared object.
// So an event loop may be destroyed while work of its coroutines still runs: the frame goes, ended() finds nobody, and
// nothing is posted to a loop that is no more (LoopDoor).
#pragma once

#include <memory>

#include "base/async.hpp"
#include "base/loop_door.hpp"
#include "base/mutex.hpp"

namespace base {

class Wake : public std::enable_shared_from_this<Wake> {
 public:
  // `executor`: of the coroutine that will wait.
  explicit Wake(const Executor& executor) : door_(LoopDoor::of(executor)) {}

  // Any thread, once.
  void ended();
  // The coroutine's own thread. Not cancellable: the work is under way and has an outcome.
  static Task<void> wait(std::shared_ptr<Wake> self);

 private:
  class Sleeper;
  void wake();
  [[nodiscard]] bool has_ended() const;

  const std::shared_ptr<LoopDoor> door_;
  mutable Mutex mutex_;
  bool ended_ MCPGW_GUARDED_BY(mutex_) = false;
  Timer* sleeper_ MCPGW_GUARDED_BY(mutex_) = nullptr;
};

}  // namespace base
