// How tasks are started: as chains of their own, and two at once.
#pragma once

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/task.hpp"

namespace base {
namespace detail {

// Passes a cancellation on to a chain's own thread.
class CancellationRelay {
 public:
  explicit CancellationRelay(Executor executor) : executor_(executor) {}
  void operator()(boost::asio::cancellation_type type) {
    boost::asio::dispatch(executor_, [this, type] { signal_.emit(type); });
  }
  boost::asio::cancellation_slot slot() { return signal_.slot(); }

 private:
  boost::asio::cancellation_signal signal_;
  Executor executor_;
};

// The handler is never called from inside spawn(): a task that did not wait for anything ends by way of the loop.
template <class T, class Handler>
Outermost run_chain(Executor executor, Task<T> task, Handler handler) {
  const Chain& chain = co_await ThisChain();
  const auto to = boost::asio::get_associated_executor(handler, executor);
  std::exception_ptr error;
  if constexpr (std::is_void_v<T>) {
    try {
      co_await std::move(task);
    } catch (...) {
      error = std::current_exception();
    }
    if (!chain.suspended) co_await boost::asio::post(executor, use_task);
    boost::asio::dispatch(to, [handler = std::move(handler), error]() mutable { std::move(handler)(error); });
  } else {
    std::optional<T> value;
    try {
      value.emplace(co_await std::move(task));
    } catch (...) {
      error = std::current_exception();
    }
    if (!chain.suspended) co_await boost::asio::post(executor, use_task);
    boost::asio::dispatch(to, [handler = std::move(handler), error, value = std::move(value)]() mutable {
      std::move(handler)(error, value ? *std::move(value) : T());
    });
  }
}

struct StartChain {
  Suspended chain;
  void operator()() { std::move(chain).resume(); }
};

struct InitiateSpawn {
  template <class Handler, class T>
  void operator()(Handler handler, Executor executor, Task<T> task) const {
    auto slot = boost::asio::get_associated_cancellation_slot(handler);
    auto& chain = *run_chain(executor, std::move(task), std::move(handler)).promise;
    Suspended first(chain, std::coroutine_handle<Outermost::promise_type>::from_promise(chain));
    if (slot.is_connected()) {
      chain.parent = slot.template emplace<CancellationRelay>(executor).slot();
      chain.cancellation = boost::asio::cancellation_state(chain.parent);
    }
    boost::asio::dispatch(executor, StartChain{std::move(first)});
  }
};

template <class T>
struct SpawnSignature {
  using Type = void(std::exception_ptr, T);
};
template <>
struct SpawnSignature<void> {
  using Type = void(std::exception_ptr);
};

inline Task<std::monostate> with_value(Task<void> task) {
  co_await std::move(task);
  co_return std::monostate();
}
template <class T>
Task<T> with_value(Task<T> task) {
  return task;
}

template <class T>
using Held = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

}  // namespace detail

// Starts `task` as a chain of its own on `executor`, at once when called there. The token's handler gets
// (std::exception_ptr) or (std::exception_ptr, T); the handler's cancellation slot cancels the task.
template <class T, class Token>
auto spawn(Executor executor, Task<T> task, Token&& token) {
  using Signature = detail::SpawnSignature<T>::Type;
  return boost::asio::async_initiate<Token, Signature>(detail::InitiateSpawn(), token, executor, std::move(task));
}
template <class T, class Token>
auto spawn(boost::asio::io_context& context, Task<T> task, Token&& token) {
  return spawn(context.get_executor(), std::move(task), std::forward<Token>(token));
}

// Runs both at once. The first that does not throw gives the value, and the other is cancelled; returns when both have
// ended. When both throw, the first's exception.
template <class T, class U>
Task<std::variant<detail::Held<T>, detail::Held<U>>> operator||(Task<T> first, Task<U> second) {
  namespace asio = boost::asio;
  const Executor executor = co_await asio::this_coro::executor;
  auto [order, first_error, first_value, second_error, second_value] =
      co_await asio::experimental::make_parallel_group(
          spawn(executor, detail::with_value(std::move(first)), asio::deferred),
          spawn(executor, detail::with_value(std::move(second)), asio::deferred))
          .async_wait(asio::experimental::wait_for_one_success(), use_task);
  using Either = std::variant<detail::Held<T>, detail::Held<U>>;
  if (first_error && second_error) std::rethrow_exception(order[0] == 0 ? first_error : second_error);
  const bool is_first = !first_error && (order[0] == 0 || second_error);
  if (is_first) co_return Either(std::in_place_index<0>, std::move(first_value));
  co_return Either(std::in_place_index<1>, std::move(second_value));
}

}  // namespace base
