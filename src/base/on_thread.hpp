// Runs a coroutine on another I/O thread and comes back with its result.
#pragma once

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

#include "base/async.hpp"

namespace base {

// The caller's cancellation does not reach over: a cancellation signal may be emitted on its own thread only.
// So `task` must end by itself, soon.
template <class T>
Task<T> on_thread(Executor executor, Task<T> task) {
  co_return co_await boost::asio::co_spawn(
      executor, std::move(task), boost::asio::bind_cancellation_slot(boost::asio::cancellation_slot(), use_task));
}

}  // namespace base
