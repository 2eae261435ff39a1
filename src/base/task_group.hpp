// The one place that starts a coroutine nobody awaits. It counts what it started, gives each a cancellation
// signal, logs what escapes, refuses after close(), and close() returns when all have ended.
// Thread: create, spawn and close on the executor's thread.
#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <list>
#include <memory>
#include <string_view>

#include "base/async.hpp"

namespace base {

class TaskGroup {
 public:
  explicit TaskGroup(Executor executor);
  // REQUIRES: close() has returned, or nothing was spawned, or the io_context is stopped.
  ~TaskGroup();
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  // Starts `task` under a name for the log, which is a literal. Does nothing after close() began.
  void spawn(std::string_view name, Task<void> task);
  // Cancels everything that runs and waits for its end.
  Task<void> close();
  // Waits for the end of everything that runs, without cancelling it.
  Task<void> join();
  [[nodiscard]] std::size_t running() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace base
