// How long to wait before a stream that was lost is opened anew. A plain function; randomness comes as an argument.
#pragma once

#include <algorithm>
#include <chrono>

namespace vendor::detail {

inline constexpr std::chrono::milliseconds kShortestReopening{100};
inline constexpr std::chrono::milliseconds kLongestReopening{90'000};

// Twice as long after each further failure in a row, up to a minute, and up to half of that longer by chance: streams
// that were lost together do not come back together. `failures` is 1 or more, `fraction` uniform in [0, 1).
[[nodiscard]] inline std::chrono::milliseconds reopening_delay(std::chrono::milliseconds first, int failures,
                                                               double fraction) {
  using std::chrono::milliseconds;
  constexpr int kMostDoublings = 6;
  constexpr milliseconds kLongest{60'000};
  const auto wait =
      std::clamp(first * (1 << std::clamp(failures - 1, 0, kMostDoublings)), kShortestReopening, kLongest);
  return wait + milliseconds(static_cast<std::int64_t>(static_cast<double>(wait.count()) * 0.5 * fraction));
}

}  // namespace vendor::detail
