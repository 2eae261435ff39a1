// Runs one coroutine to its end on a fresh event loop and gives back its value.
#pragma once

#include <boost/asio/io_context.hpp>
#include <optional>
#include <type_traits>

#include "base/async.hpp"
#include "base/spawn.hpp"

namespace fake {

template <class T>
T run(boost::asio::io_context& context, base::Task<T> task) {
  std::exception_ptr failure;
  std::optional<std::conditional_t<std::is_void_v<T>, bool, T>> result;
  if constexpr (std::is_void_v<T>) {
    base::spawn(context, std::move(task), [&](std::exception_ptr error) {
      failure = error;
      result = true;
      context.stop();
    });
  } else {
    base::spawn(context, std::move(task), [&](std::exception_ptr error, T value) {
      failure = error;
      if (!error) result = std::move(value);
      context.stop();
    });
  }
  const auto work = boost::asio::make_work_guard(context);
  context.restart();
  context.run();
  if (failure) std::rethrow_exception(failure);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

template <class T>
T run(base::Task<T> task) {
  boost::asio::io_context context(1);
  return run(context, std::move(task));
}

}  // namespace fake
