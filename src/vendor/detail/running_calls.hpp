// The requests of one channel that wait for their answers over HTTP, so that any thread can end one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/mutex.hpp"
#include "vendor/channel.hpp"

namespace vendor::detail {

// Thread-safe.
class RunningCalls {
 public:
  RunningCalls() = default;
  // `gone` is called when the vendor says to a request that it has forgotten the session.
  explicit RunningCalls(std::function<void()> gone) : gone_(std::move(gone)) {}

  // The call, which ends when cancel() names its id. An ended call has let go of its connection. Thread: the call's.
  static std::unique_ptr<Call> add(std::shared_ptr<RunningCalls> self, std::uint64_t id, base::Executor executor,
                                   std::unique_ptr<Call> call);
  // The same with the call that `sending` gives. Errors: those of `sending`; cancelled.
  static base::Async<std::unique_ptr<Call>> run(std::shared_ptr<RunningCalls> self, std::uint64_t id,
                                                base::Async<std::unique_ptr<Call>> sending);
  // Its request() or next() gives an error of kind cancelled. An id that is not under way is passed over.
  void cancel(std::uint64_t id);

 private:
  class Stop;
  class Place;
  class RunningCall;

  const std::function<void()> gone_;
  base::Mutex mutex_;
  std::vector<std::shared_ptr<Stop>> stops_ MCPGW_GUARDED_BY(mutex_);  // few: a search is quicker than an order
};

}  // namespace vendor::detail
