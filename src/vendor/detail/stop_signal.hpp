// Lets any thread end what runs on an I/O thread.
#pragma once

#include <atomic>
#include <boost/asio/post.hpp>
#include <memory>

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
    co_await timer_.async_wait(base::error_into(ignored));
  }

 private:
  const base::Executor executor_;
  base::Timer timer_;  // never expires
  std::atomic<bool> requested_ = false;
};

}  // namespace vendor::detail
