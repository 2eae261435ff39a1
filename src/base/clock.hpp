// Time as something passed in, so that tests move it by hand (tests/fake/fake_clock.hpp).
#pragma once

#include <chrono>
#include <string>

namespace base {

// UTC in microseconds since 1970, as stored in the database (BIGINT).
using Micros = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Micros now() const = 0;
  // Monotonic, for deadlines and durations.
  [[nodiscard]] virtual std::chrono::steady_clock::time_point steady() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Micros now() const override;
  [[nodiscard]] std::chrono::steady_clock::time_point steady() const override;
};

// RFC 3339 with milliseconds: "2026-11-23T20:15:00.123Z".
[[nodiscard]] std::string rfc3339(Micros time);

}  // namespace base
