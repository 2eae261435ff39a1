#include "web/detail/time_words.hpp"

#include <fmt/format.h>

#include <chrono>

namespace web {
namespace {

std::string counted(std::int64_t count, std::string_view unit) {
  return fmt::format("{} {}{} ago", count, unit, count == 1 ? "" : "s");
}

}  // namespace

std::string ago(base::Micros time, base::Micros now) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - time).count();
  if (seconds < 60) return "just now";
  if (seconds < 3600) return counted(seconds / 60, "minute");
  if (seconds < 86'400) return counted(seconds / 3600, "hour");
  if (seconds < 30 * 86'400) return counted(seconds / 86'400, "day");
  return base::rfc3339(time).substr(0, 10);
}

std::string minute_utc(base::Micros time) {
  const auto text = base::rfc3339(time);
  return text.substr(0, 10) + " " + text.substr(11, 5) + " UTC";
}

}  // namespace web
