// Runs a coroutine on another I/O thread and comes back with its result.
#pragma once

#include "base/async.hpp"
#include "base/spawn.hpp"

namespace base {

// The caller's cancellation does not reach over: a cancellation signal may be emitted on its own thread only.
// So `task` must end by itself, soon.
template <class T>
Task<T> on_thread(Executor executor, Task<T> task) {
  co_return co_await spawn(executor, std::move(task), uncancellable(use_task));
}

}  // namespace base
