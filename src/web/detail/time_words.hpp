// Times as people say them.
#pragma once

#include <string>

#include "base/clock.hpp"

namespace web {

// "just now", "5 minutes ago", "3 hours ago", "12 days ago", then the date: "2026-11-23".
[[nodiscard]] std::string ago(base::Micros time, base::Micros now);
// "2026-11-23 20:15 UTC"
[[nodiscard]] std::string minute_utc(base::Micros time);

}  // namespace web
