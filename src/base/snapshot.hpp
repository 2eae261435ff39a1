// What all threads read and somebody replaces whole: configuration, policy, catalogue, keys.
// Readers take get() once per request and keep it; the old value lives as long as somebody holds it. Thread-safe.
#pragma once

#include <memory>
#include <utility>

#include "base/mutex.hpp"

namespace base {

template <class T>
class Snapshot {
 public:
  explicit Snapshot(T value) : current_(std::make_shared<const T>(std::move(value))) {}

  [[nodiscard]] std::shared_ptr<const T> get() const {
    const Lock lock(mutex_);
    return current_;
  }
  void set(T value) {
    auto next = std::make_shared<const T>(std::move(value));
    const Lock lock(mutex_);
    current_.swap(next);
  }

 private:
  // Not std::atomic<std::shared_ptr>: libstdc++ 12's draws reports from ThreadSanitizer. Nor std::atomic_load(), which
  // looks for a mutex by a hash of the address first.
  mutable Mutex mutex_;
  std::shared_ptr<const T> current_ MCPGW_GUARDED_BY(mutex_);
};

}  // namespace base
