// The coroutine type of the whole program, for Asio's asynchronous operations.
//
// It means what boost::asio::awaitable means, and its calls cost a fifth: a task calls the next by a jump, its frame
// comes from a free list, and what the calls of one chain share stands in one place. A relayed request is some dozens
// of such calls.
//
// A task does nothing until it is awaited or spawned (base/spawn.hpp). It runs on one executor for its whole life, and
// resumes there whatever completed its wait. Inside it:
//   co_await other_task()                          throws operation_aborted once the chain was cancelled
//   co_await timer.async_wait(base::use_task)      an operation of Asio: its error is thrown as system_error
//   co_await timer.async_wait(base::error_into(e)) the same: its error goes to e
//   co_await asio::this_coro::executor             also cancellation_state and reset_cancellation_state(filter)
// A chain whose operation is dropped without completion (its io_context goes) is destroyed from the inside out.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

#include "base/kept_memory.hpp"

namespace base {

using Executor = boost::asio::io_context::executor_type;

// The completion token that makes an operation awaitable in a task.
struct UseTask {
  boost::system::error_code* error = nullptr;  // gets the operation's error, which is thrown else
  bool cancellable = true;                     // the chain's cancellation reaches the operation
};
inline constexpr UseTask use_task;
[[nodiscard]] inline UseTask error_into(boost::system::error_code& error) { return {&error}; }
[[nodiscard]] inline UseTask uncancellable(UseTask token) { return {token.error, false}; }

template <class T>
class [[nodiscard]] Task;

// co_await cancelled_by(signal): a value that, while it lives, lets the signal cancel what the chain waits for, beside
// the chain's own cancellation. Chain and signal belong to the same thread.
struct CancelledBy {
  boost::asio::cancellation_signal& signal;
};
[[nodiscard]] inline CancelledBy cancelled_by(boost::asio::cancellation_signal& signal) { return {signal}; }

namespace detail {
struct Chain;
}

// A coroutine that waits for an operation, and the chain that it belongs to. The operation resumes it, on the chain's
// executor and never from inside start(); when the operation is dropped instead, the chain is destroyed.
class Suspended {
 public:
  Suspended() = default;
  Suspended(detail::Chain& chain, std::coroutine_handle<> coroutine) : chain_(&chain), coroutine_(coroutine) {}

  [[nodiscard]] Executor executor() const;
  [[nodiscard]] boost::asio::cancellation_slot cancellation() const;
  void resume() &&;
  // The frames that the coroutine returns to, the innermost first, for who has them fetched ahead; nullptr at the end.
  [[nodiscard]] const void* first_frame() const;
  [[nodiscard]] const void* frame_behind(const void* frame) const;

 private:
  struct Destroy {
    void operator()(detail::Chain* chain) const;
  };
  [[nodiscard]] const void* inner_frame(std::coroutine_handle<> coroutine) const;

  std::unique_ptr<detail::Chain, Destroy> chain_;
  std::coroutine_handle<> coroutine_;
};

// What a task can await beside other tasks: anything that says so by `using IsOperation = void`, with
//   bool is_done() const         nothing to wait for: result() can be had at once
//   void start(Suspended)        called otherwise; the operation is at its final address then
//   result()                     what co_await gives, after the coroutine was resumed

namespace detail {

// Awaits what is there already.
template <class Value>
struct Ready {
  bool await_ready() const noexcept { return true; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  Value await_resume() { return static_cast<Value>(value); }
  Value value;
};

struct ThisChain {};

// What the calls of one chain share. It is the promise of the chain's outermost coroutine.
struct Chain {
  explicit Chain(Executor e) : executor(e), work(e) {}
  Chain(const Chain&) = delete;
  Chain& operator=(const Chain&) = delete;

  void check_cancelled() const {
    if (cancellation.cancelled() != boost::asio::cancellation_type::none) {
      throw boost::system::system_error(boost::asio::error::operation_aborted);
    }
  }

  Executor executor;
  boost::asio::executor_work_guard<Executor> work;
  boost::asio::cancellation_slot parent;
  boost::asio::cancellation_state cancellation;
  bool suspended = false;  // has waited for an operation
};

// Runs an operation as an awaiter.
template <class Operation>
class OperationAwaiter {
 public:
  OperationAwaiter(Operation&& operation, Chain& chain) : operation_(std::move(operation)), chain_(chain) {}
  [[nodiscard]] bool await_ready() const { return operation_.is_done(); }
  void await_suspend(std::coroutine_handle<> coroutine) {
    chain_.suspended = true;
    operation_.start(Suspended(chain_, coroutine));
  }
  auto await_resume() { return operation_.result(); }

 private:
  Operation operation_;
  Chain& chain_;
};

// The outermost coroutine of a chain; its frame ends by itself.
struct Outermost {
  struct promise_type : Chain, InKeptMemory {
    template <class... Arguments>
    explicit promise_type(const Executor& e, Arguments&&...) : Chain(e) {}

    Outermost get_return_object() { return {this}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    [[noreturn]] void unhandled_exception() { throw; }  // of the completion handler: the event loop's caller sees it

    template <class U>
    auto await_transform(Task<U> task);
    template <class Operation>
    auto await_transform(Operation operation)
      requires requires { typename Operation::IsOperation; }
    {
      return OperationAwaiter<Operation>(std::move(operation), *this);
    }
    auto await_transform(ThisChain) { return Ready<const Chain&>{*this}; }
  };
  promise_type* promise;
};

// A chain's cancellation while it lives.
class CancellationScope {
 public:
  CancellationScope(Chain& chain, boost::asio::cancellation_signal& signal)
      : chain_(chain), outer_(chain.cancellation), slot_(signal.slot()) {
    chain_.cancellation = boost::asio::cancellation_state(slot_);
    auto outer = outer_.slot();
    if (outer.is_connected()) outer.assign([&signal](boost::asio::cancellation_type type) { signal.emit(type); });
  }
  CancellationScope(const CancellationScope&) = delete;
  CancellationScope& operator=(const CancellationScope&) = delete;
  ~CancellationScope() {
    chain_.cancellation = outer_;
    slot_.clear();
    if (auto outer = outer_.slot(); outer.is_connected()) outer.clear();
  }

 private:
  Chain& chain_;
  boost::asio::cancellation_state outer_;
  boost::asio::cancellation_slot slot_;
};

// What an operation's completion gives to the coroutine that waits for it.
template <class... Results>
class Outcome {
 public:
  template <class... Values>
  void set(Values&&... values) {
    results_.emplace(std::forward<Values>(values)...);
  }
  // The error goes to `into`, or is thrown when that is null.
  auto take(boost::system::error_code* into) {
    using All = std::tuple<Results...>;
    if constexpr (sizeof...(Results) > 0) {
      using First = std::tuple_element_t<0, All>;
      if constexpr (std::is_same_v<First, boost::system::error_code>) {
        const auto& error = std::get<0>(*results_);
        if (into != nullptr) {
          *into = error;
        } else if (error) {
          throw boost::system::system_error(error);
        }
        return rest<1>();
      } else if constexpr (std::is_same_v<First, std::exception_ptr>) {
        if (std::get<0>(*results_)) std::rethrow_exception(std::get<0>(*results_));
        return rest<1>();
      } else {
        return rest<0>();
      }
    }
  }

 private:
  template <std::size_t From>
  auto rest() {
    constexpr std::size_t kCount = sizeof...(Results) - From;
    if constexpr (kCount == 1) {
      return std::get<From>(*std::move(results_));
    } else if constexpr (kCount > 1) {
      return all_after<From>(std::make_index_sequence<kCount>());
    }
  }
  template <std::size_t From, std::size_t... I>
  auto all_after(std::index_sequence<I...>) {
    return std::make_tuple(std::get<From + I>(*std::move(results_))...);
  }

  std::optional<std::tuple<Results...>> results_;
};

// An operation of Asio that starts when it is awaited.
template <class Initiation, class Arguments, class... Results>
class Operation {
 public:
  using IsOperation = void;

  Operation(Initiation initiation, Arguments arguments, UseTask token)
      : initiation_(std::move(initiation)), arguments_(std::move(arguments)), token_(token) {}

  [[nodiscard]] bool is_done() const { return false; }
  void start(Suspended suspended) {
    std::apply(
        [&](auto&&... arguments) {
          std::move(initiation_)(Handler(*this, std::move(suspended)), std::forward<decltype(arguments)>(arguments)...);
        },
        std::move(arguments_));
  }
  auto result() { return outcome_.take(token_.error); }

 private:
  class Handler {
   public:
    Handler(Operation& operation, Suspended suspended) : operation_(&operation), suspended_(std::move(suspended)) {}

    using executor_type = Executor;
    [[nodiscard]] Executor get_executor() const noexcept { return suspended_.executor(); }
    using cancellation_slot_type = boost::asio::cancellation_slot;
    [[nodiscard]] boost::asio::cancellation_slot get_cancellation_slot() const noexcept {
      return operation_->token_.cancellable ? suspended_.cancellation() : boost::asio::cancellation_slot();
    }

    template <class... Values>
    void operator()(Values&&... values) {
      operation_->outcome_.set(std::forward<Values>(values)...);
      if (auto slot = suspended_.cancellation(); slot.is_connected()) slot.clear();
      std::move(suspended_).resume();
    }

   private:
    Operation* operation_;
    Suspended suspended_;
  };

  Initiation initiation_;
  Arguments arguments_;
  UseTask token_;
  Outcome<Results...> outcome_;
};

class PromiseBase : public InKeptMemory {
 public:
  std::suspend_always initial_suspend() noexcept { return {}; }
  auto final_suspend() noexcept {
    struct GoBack {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<>) noexcept { return caller; }
      void await_resume() noexcept {}
      std::coroutine_handle<> caller;
    };
    return GoBack{caller_};
  }
  void unhandled_exception() { error_ = std::current_exception(); }

  // A task, or what may be one.
  template <class Awaited>
  auto await_transform(Awaited awaited)
    requires requires { typename Awaited::Awaiter; }
  {
    chain_->check_cancelled();
    return std::move(awaited).awaiter(*chain_);
  }
  template <class Operation>
  auto await_transform(Operation operation)
    requires requires { typename Operation::IsOperation; }
  {
    chain_->check_cancelled();
    return OperationAwaiter<Operation>(std::move(operation), *chain_);
  }
  auto await_transform(boost::asio::this_coro::executor_t) { return Ready<Executor>{chain_->executor}; }
  auto await_transform(boost::asio::this_coro::cancellation_state_t) {
    return Ready<boost::asio::cancellation_state>{chain_->cancellation};
  }
  auto await_transform(CancelledBy by) {
    struct Open : std::suspend_never {
      Chain& chain;
      boost::asio::cancellation_signal& signal;
      CancellationScope await_resume() { return {chain, signal}; }
    };
    return Open{{}, *chain_, by.signal};
  }
  template <class Filter>
  auto await_transform(boost::asio::this_coro::reset_cancellation_state_1_t<Filter> reset) {
    chain_->cancellation = boost::asio::cancellation_state(chain_->parent, reset.filter);
    return std::suspend_never();
  }

  [[nodiscard]] std::coroutine_handle<> caller() const { return caller_; }
  void call_from(std::coroutine_handle<> caller, Chain& chain) {
    caller_ = caller;
    chain_ = &chain;
  }

 protected:
  void rethrow() {
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
  }

 private:
  std::coroutine_handle<> caller_;
  Chain* chain_ = nullptr;
  std::exception_ptr error_;
};

template <class T>
class Promise final : public PromiseBase {
 public:
  Task<T> get_return_object();
  template <class U = T>
  void return_value(U&& value) {
    value_.emplace(std::forward<U>(value));
  }
  T take() {
    rethrow();
    return *std::move(value_);
  }

 private:
  std::optional<T> value_;
};

template <>
class Promise<void> final : public PromiseBase {
 public:
  Task<void> get_return_object();
  void return_void() {}
  void take() { rethrow(); }
};

}  // namespace detail

template <class T>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::Promise<T>;
  using value_type = T;

  Task(Task&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    std::swap(frame_, other.frame_);
    return *this;
  }
  ~Task() {
    if (frame_) frame_.destroy();
  }

  class Awaiter {
   public:
    Awaiter(Task&& task, detail::Chain& chain) : task_(std::move(task)), chain_(chain) {}
    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) noexcept {
      task_.frame_.promise().call_from(caller, chain_);
      return task_.frame_;
    }
    T await_resume() { return task_.frame_.promise().take(); }

   private:
    Task task_;
    detail::Chain& chain_;
  };
  Awaiter awaiter(detail::Chain& chain) && { return Awaiter(std::move(*this), chain); }

 private:
  friend promise_type;
  explicit Task(std::coroutine_handle<promise_type> frame) : frame_(frame) {}

  std::coroutine_handle<promise_type> frame_;
};

namespace detail {

template <class T>
Task<T> Promise<T>::get_return_object() {
  static_assert(alignof(Promise) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__, "see Suspended::frame_behind()");
  return Task<T>(std::coroutine_handle<Promise>::from_promise(*this));
}

inline Task<void> Promise<void>::get_return_object() {
  return Task<void>(std::coroutine_handle<Promise>::from_promise(*this));
}

template <class U>
auto Outermost::promise_type::await_transform(Task<U> task) {
  return std::move(task).awaiter(*this);
}

}  // namespace detail

inline Executor Suspended::executor() const { return chain_->executor; }
inline boost::asio::cancellation_slot Suspended::cancellation() const { return chain_->cancellation.slot(); }
inline const void* Suspended::inner_frame(std::coroutine_handle<> coroutine) const {
  auto& outermost = static_cast<detail::Outermost::promise_type&>(*chain_);
  const auto end = std::coroutine_handle<detail::Outermost::promise_type>::from_promise(outermost);
  return coroutine == end ? nullptr : coroutine.address();
}
inline const void* Suspended::first_frame() const { return inner_frame(coroutine_); }
inline const void* Suspended::frame_behind(const void* frame) const {
  using Frame = std::coroutine_handle<detail::PromiseBase>;  // every promise stands at the same place of its frame
  return inner_frame(Frame::from_address(const_cast<void*>(frame)).promise().caller());
}
inline void Suspended::resume() && {
  (void)chain_.release();  // NOLINT(bugprone-unused-return-value): it runs, and owns itself
  coroutine_.resume();
}
inline void Suspended::Destroy::operator()(detail::Chain* chain) const {
  auto& promise = static_cast<detail::Outermost::promise_type&>(*chain);
  std::coroutine_handle<detail::Outermost::promise_type>::from_promise(promise).destroy();
}

}  // namespace base

template <class R, class... Results>
class boost::asio::async_result<base::UseTask, R(Results...)> {
 public:
  template <class Initiation, class... Arguments>
  static auto initiate(Initiation initiation, base::UseTask token, Arguments&&... arguments) {
    using All = std::tuple<std::decay_t<Arguments>...>;
    return base::detail::Operation<Initiation, All, std::decay_t<Results>...>(
        std::move(initiation), All(std::forward<Arguments>(arguments)...), token);
  }
};
