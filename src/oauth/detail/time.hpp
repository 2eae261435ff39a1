// Time as the database keeps it.
#pragma once

#include <cstdint>

#include "base/clock.hpp"

namespace oauth::detail {

[[nodiscard]] inline std::int64_t micros(base::Micros time) { return time.time_since_epoch().count(); }
[[nodiscard]] inline base::Micros from_micros(std::int64_t count) {
  return base::Micros(std::chrono::microseconds(count));
}
[[nodiscard]] inline std::int64_t unix_seconds(base::Micros time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

}  // namespace oauth::detail
