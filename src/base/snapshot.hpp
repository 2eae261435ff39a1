// What all threads read and somebody replaces whole: configuration, policy, catalogue, keys.
// Readers take get() once per request and keep it; the old value lives as long as somebody holds it. Thread-safe.
#pragma once

#include <memory>
#include <utility>

namespace base {

template <class T>
class Snapshot {
 public:
  explicit Snapshot(T value) : current_(std::make_shared<const T>(std::move(value))) {}

  [[nodiscard]] std::shared_ptr<const T> get() const { return std::atomic_load(&current_); }
  void set(T value) { std::atomic_store(&current_, std::make_shared<const T>(std::move(value))); }

 private:
  // Not std::atomic<std::shared_ptr>: libstdc++ 12's draws reports from ThreadSanitizer.
  std::shared_ptr<const T> current_;
};

}  // namespace base
