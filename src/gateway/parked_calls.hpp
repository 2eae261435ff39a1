// Calls of modern clients that wait for an answer: a vendor of the legacy era asked something in the middle of its
// work, the client was told so (2026-07-28 basic/patterns/mrtr) and comes back with another request, on any I/O thread.
// Each is taken out once. They live in this process alone: after a restart the client is told to start again.
// Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/error.hpp"
#include "base/mutex.hpp"

namespace gateway {

struct Delivery;

class ParkedCalls {
 public:
  explicit ParkedCalls(std::size_t limit);
  ~ParkedCalls();

  // Whether one more may come.
  [[nodiscard]] bool has_room() const;
  void put(const std::string& id, std::unique_ptr<Delivery> call, base::SteadyTime until);
  // Errors: conflict with code "request_state" when it was taken before, expired, or was of a process that is gone.
  [[nodiscard]] base::Result<std::unique_ptr<Delivery>> take(const std::string& id);
  // Takes out those whose time is over.
  [[nodiscard]] std::vector<std::unique_ptr<Delivery>> expired(base::SteadyTime now);
  [[nodiscard]] std::size_t size() const;

 private:
  struct Place {
    std::unique_ptr<Delivery> call;
    base::SteadyTime until;
  };
  const std::size_t limit_;
  mutable base::Mutex mutex_;
  std::map<std::string, Place> calls_ MCPGW_GUARDED_BY(mutex_);
};

}  // namespace gateway
