// The coroutine types of the whole program. The executor is the concrete io_context one: a coroutine belongs to
// one I/O thread for its whole life, and resumes there whatever completed its wait.
#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>
#include <chrono>

#include "base/error.hpp"
#include "base/task.hpp"

namespace base {

// What can fail in normal work returns this.
template <class T>
using Async = Task<Result<T>>;

using SteadyTime = std::chrono::steady_clock::time_point;
using Timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;

}  // namespace base
