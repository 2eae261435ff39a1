// Repeatable randomness: the same seed gives the same bytes.
#pragma once

#include <mutex>
#include <random>

#include "base/random.hpp"

namespace fake {

class FakeRandom final : public base::Random {
 public:
  explicit FakeRandom(std::uint64_t seed = 1) : engine_(seed) {}
  void fill(std::span<std::uint8_t> out) override {
    const std::lock_guard lock(mutex_);
    for (auto& byte : out) byte = static_cast<std::uint8_t>(engine_());
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_;
};

}  // namespace fake
