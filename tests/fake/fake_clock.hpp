// A clock that moves only when told to.
#pragma once

#include <atomic>

#include "base/clock.hpp"

namespace fake {

class FakeClock final : public base::Clock {
 public:
  [[nodiscard]] base::Micros now() const override {
    return base::Micros(std::chrono::microseconds(kStart + offset_.load()));
  }
  [[nodiscard]] std::chrono::steady_clock::time_point steady() const override {
    return std::chrono::steady_clock::time_point(std::chrono::microseconds(offset_.load()));
  }
  void advance(std::chrono::microseconds by) { offset_ += by.count(); }

 private:
  static constexpr std::int64_t kStart = 1'800'000'000'000'000;  // 2027-01-15T08:00:00Z
  std::atomic<std::int64_t> offset_{0};
};

}  // namespace fake
