// The coroutine types of the whole program. The executor is the concrete io_context one: a coroutine belongs to
// one I/O thread for its whole life, and resumes there whatever completed its wait.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include "base/error.hpp"

namespace base {

using Executor = boost::asio::io_context::executor_type;

template <class T>
using Task = boost::asio::awaitable<T, Executor>;

// What can fail in normal work returns this.
template <class T>
using Async = Task<Result<T>>;

inline constexpr boost::asio::use_awaitable_t<Executor> use_task;

using SteadyTime = std::chrono::steady_clock::time_point;
using Timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;

}  // namespace base
