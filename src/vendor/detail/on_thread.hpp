// Runs a coroutine on another I/O thread and comes back with its result.
#pragma once

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

#include "base/async.hpp"

namespace vendor::detail {

// The caller's cancellation does not reach over: a cancellation signal may be emitted on its own thread only.
// So `task` must end by itself, soon.
template <class T>
base::Task<T> on_thread(base::Executor executor, base::Task<T> task) {
  co_return co_await boost::asio::co_spawn(
      executor, std::move(task), boost::asio::bind_cancellation_slot(boost::asio::cancellation_slot(), base::use_task));
}

}  // namespace vendor::detail
