// Lets any thread end what runs on an I/O thread.
#pragma once

#include <atomic>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <memory>
#include <utility>

#include "base/async.hpp"

namespace vendor::detail {

class StopSignal {
 public:
  explicit StopSignal(base::Executor executor) : executor_(executor), timer_(executor, base::SteadyTime::max()) {}

  // Any thread; more than once does no harm.
  static void request(const std::shared_ptr<StopSignal>& self) {
    if (self->requested_.exchange(true)) return;
    boost::asio::post(self->executor_, [self] { self->timer_.cancel(); });
  }
  [[nodiscard]] bool requested() const { return requested_; }

  // Returns when it is requested. The executor's thread, one waiter at a time.
  base::Task<void> wait() {
    if (requested_) co_return;
    boost::system::error_code ignored;
    co_await timer_.async_wait(boost::asio::redirect_error(base::use_task, ignored));
  }

 private:
  const base::Executor executor_;
  base::Timer timer_;  // never expires
  std::atomic<bool> requested_ = false;
};

// The outcome of `work`, or an error of kind cancelled as soon as the stop is requested; the work is given up then.
template <class T>
base::Async<T> unless_stopped(std::shared_ptr<StopSignal> stop, base::Async<T> work) {
  using namespace boost::asio::experimental::awaitable_operators;  // NOLINT(google-build-using-namespace)
  if (!stop->requested()) {
    auto first = co_await (std::move(work) || stop->wait());
    if (first.index() == 0) co_return std::get<0>(std::move(first));
  }
  co_return base::fail(base::Kind::cancelled, "cancelled", "The request was cancelled.");
}

}  // namespace vendor::detail
