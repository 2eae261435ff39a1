#include "vendor/health_state.hpp"

#include <fmt/format.h>

namespace vendor {
namespace {

constexpr std::size_t kLongestMessage = 300;

// At most kLongestMessage bytes, not cut inside a UTF-8 character.
std::string shortened(std::string_view message) {
  if (message.size() <= kLongestMessage) return std::string(message);
  auto end = kLongestMessage;
  while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xc0) == 0x80) --end;
  return std::string(message.substr(0, end)) + "…";
}

}  // namespace

std::string_view name(Status status) {
  switch (status) {
    case Status::up:
      return "up";
    case Status::degraded:
      return "degraded";
    case Status::down:
      return "down";
    case Status::unknown:
      return "unknown";
  }
  return "unknown";
}

Status HealthState::on_success(base::Micros now, std::chrono::microseconds latency) {
  const auto before = health_.status;
  const bool slow = latency > policy_.slow;
  health_.status = slow ? Status::degraded : Status::up;
  health_.consecutive_failures = 0;
  health_.last_check = now;
  health_.last_success = now;
  health_.latency = latency;
  health_.last_error.clear();
  if (slow) {
    health_.last_error = fmt::format("Answered only after {:.1f} s.", std::chrono::duration<double>(latency).count());
  }
  return before;
}

Status HealthState::on_failure(base::Micros now, std::string_view message) {
  const auto before = health_.status;
  // Counting further than an int goes would wrap; nobody reads the difference.
  if (health_.consecutive_failures < 1'000'000) ++health_.consecutive_failures;
  const bool down = before == Status::down || health_.consecutive_failures >= policy_.down_after;
  health_.status = down ? Status::down : Status::degraded;
  health_.last_check = now;
  health_.last_error = shortened(message);
  return before;
}

}  // namespace vendor
