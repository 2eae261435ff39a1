// The answer to one request on its way from the process's thread to the caller's. Thread-safe.
#pragma once

#include <deque>
#include <optional>

#include "base/mutex.hpp"
#include "base/notifier.hpp"
#include "vendor/detail/received.hpp"

namespace vendor::detail {

class Mailbox {
 public:
  // Notifications beyond `limit` bytes that wait here are dropped: a caller that is slow to take them does not make
  // memory grow.
  explicit Mailbox(std::size_t limit) : limit_(limit) {}

  void put(Received message);
  // The end of the answer, after what is there already; the first one counts.
  void fail(base::Error error);

  // Errors: that of fail(); vendor_timeout when nothing came until `deadline`; cancelled.
  base::Async<Received> next(base::SteadyTime deadline);

 private:
  std::optional<base::Result<Received>> take();

  const std::size_t limit_;
  base::Mutex mutex_;
  std::deque<Received> messages_ MCPGW_GUARDED_BY(mutex_);
  std::size_t bytes_ MCPGW_GUARDED_BY(mutex_) = 0;
  std::optional<base::Error> error_ MCPGW_GUARDED_BY(mutex_);
  base::Notifier changed_;
};

}  // namespace vendor::detail
