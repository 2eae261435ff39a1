// Lets a coroutine sleep on its I/O thread until a database thread says that its job has ended.
//
// The coroutine stays suspended inside its own event loop, on a timer; the database thread holds only this shared
// object. So an event loop may be destroyed while jobs of its coroutines still run: the frame goes, ended() finds
// nobody, and nothing is posted to a loop that is no more.
#pragma once

#include <memory>

#include "base/async.hpp"
#include "base/mutex.hpp"

namespace store::detail {

class Wake : public std::enable_shared_from_this<Wake> {
 public:
  explicit Wake(base::Executor executor) : executor_(executor) {}

  // Any thread, once.
  void ended();
  // The coroutine's own thread. Not cancellable: the work is under way and has an outcome.
  static base::Task<void> wait(std::shared_ptr<Wake> self);

 private:
  class Sleeper;
  void wake();
  [[nodiscard]] bool has_ended() const;

  base::Executor executor_;
  mutable base::Mutex mutex_;
  bool ended_ MCPGW_GUARDED_BY(mutex_) = false;
  base::Timer* sleeper_ MCPGW_GUARDED_BY(mutex_) = nullptr;
};

}  // namespace store::detail
