// An outcome that may be there already: a function that mostly has nothing to wait for gives it without a coroutine,
// and a Task otherwise. Unlike a task, such a function runs when it is called and not when it is awaited.
#pragma once

#include <coroutine>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/async.hpp"

namespace base {

// Awaited like Async<T>, from which it is made. A coroutine may give it, too.
template <class T>
class [[nodiscard]] Soon {
 public:
  using promise_type = detail::Promise<Result<T>>;

  // NOLINTBEGIN(google-explicit-constructor): what a function returns, whichever it is
  Soon(Async<T> task) : state_(std::move(task)) {}
  template <class Outcome>
    requires std::is_constructible_v<Result<T>, Outcome&&> && (!std::is_same_v<std::remove_cvref_t<Outcome>, Soon>)
  Soon(Outcome&& outcome) : state_(std::in_place_index<0>, std::forward<Outcome>(outcome)) {}
  // NOLINTEND(google-explicit-constructor)

  [[nodiscard]] bool is_there() const { return state_.index() == 0; }
  // REQUIRES: is_there().
  [[nodiscard]] Result<T> get() && { return std::get<0>(std::move(state_)); }
  // REQUIRES: !is_there().
  [[nodiscard]] Async<T> task() && { return std::get<1>(std::move(state_)); }

  class Awaiter {
   public:
    Awaiter(Soon&& soon, detail::Chain& chain)
        : state_(soon.is_there() ? State(std::in_place_index<0>, std::move(soon).get())
                                 : State(std::in_place_index<1>, std::move(soon).task().awaiter(chain))) {}
    [[nodiscard]] bool await_ready() const noexcept { return state_.index() == 0; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) noexcept {
      return std::get_if<1>(&state_)->await_suspend(caller);
    }
    Result<T> await_resume() {
      return await_ready() ? std::move(*std::get_if<0>(&state_)) : std::get_if<1>(&state_)->await_resume();
    }

   private:
    using State = std::variant<Result<T>, typename Async<T>::Awaiter>;
    State state_;
  };
  Awaiter awaiter(detail::Chain& chain) && { return Awaiter(std::move(*this), chain); }

 private:
  std::variant<Result<T>, Async<T>> state_;
};

// As a task in any case.
template <class T>
Async<T> as_task(Soon<T> soon) {
  co_return co_await std::move(soon);
}

}  // namespace base
