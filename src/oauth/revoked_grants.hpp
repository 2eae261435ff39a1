// Grants whose access tokens must no longer be accepted, in memory: a look-up on every request.
// An entry is kept until the last access token of its grant has expired. Thread-safe.
#pragma once

#include <atomic>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/mutex.hpp"

namespace oauth {

class RevokedGrants {
 public:
  // True when it was not known yet.
  bool add(const std::string& grant_id, base::Micros until);
  [[nodiscard]] bool contains(const std::string& grant_id) const;
  // Drops entries whose time has passed.
  void prune(base::Micros now);
  [[nodiscard]] std::size_t size() const { return size_.load(std::memory_order_acquire); }

 private:
  mutable base::Mutex mutex_;
  std::unordered_map<std::string, base::Micros> until_ MCPGW_GUARDED_BY(mutex_);
  std::atomic<std::size_t> size_{0};  // the usual answer, without the lock
};

}  // namespace oauth
