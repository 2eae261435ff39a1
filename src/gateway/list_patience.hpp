// How long a list waits for a vendor that nothing is known of yet. A vendor that is slow cannot be told from one that
// hangs, so what is known of it and of the others decides:
//
//   no other vendor has answered yet               Config::list_wait
//   a process that never failed: it may be starting  Config::list_wait
//   it answered something before, in `latency`     ten times that: opening it and its list take several turns
//   else                                           a tenth longer than the slowest other one took, and beyond the last
//                                                  answer of any 250 ms, or twice the longest pause between their
//                                                  answers where that is less: vendors that answer together are not
//                                                  held up by one that does not
//
// and never longer than Config::list_wait. So a vendor that hangs costs the others next to nothing, and one that was
// left out comes with a notification of the change.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "base/async.hpp"
#include "gateway/config.hpp"
#include "vendor/definition.hpp"
#include "vendor/health.hpp"

namespace gateway {

struct SilentVendor {
  const vendor::Definition& definition;
  vendor::Health health;
  base::SteadyTime since;  // the beginning of its fetch
};

struct OtherVendors {
  std::optional<std::chrono::steady_clock::duration> slowest;  // of the lists that are known; nothing: there are none
  base::SteadyTime last_answer;
  // Between two answers in a row of those that were asked together with the silent one; nothing: fewer than three.
  std::optional<std::chrono::steady_clock::duration> longest_pause = {};
};

// Of three answers or more.
[[nodiscard]] std::optional<std::chrono::steady_clock::duration> longest_pause(std::vector<base::SteadyTime> answers);

[[nodiscard]] base::SteadyTime patience_end(const Config& config, const SilentVendor& silent,
                                            const OtherVendors& others);

}  // namespace gateway
