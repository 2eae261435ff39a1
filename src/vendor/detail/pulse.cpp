#include "vendor/detail/pulse.hpp"

#include <fmt/format.h>

#include "vendor/memory_health_board.hpp"

namespace vendor::detail {
namespace {

using std::chrono::ceil;
using std::chrono::seconds;

bool is_derived(const base::Error& error) { return error.code == kBreakerOpen || error.code == kBackingOff; }

// The vendor gave an answer, even if not the one that was wanted.
bool proves_life(const base::Error& error) {
  return error.kind == base::Kind::vendor_rejected || error.code == kSessionGone || error.code == kHttpRefused;
}

}  // namespace

Pulse::Pulse(HealthBoard& board, const base::Clock& clock, BreakerConfig config)
    : board_(board), clock_(clock), config_(config) {}

base::Result<Attempt> Pulse::begin(std::string_view vendor) {
  const auto now = clock_.steady();
  const base::Lock lock(mutex_);
  auto found = vendors_.find(vendor);
  if (found == vendors_.end()) found = vendors_.try_emplace(std::string(vendor), vendor, config_).first;
  auto& breaker = found->second.breaker;
  if (breaker.allow(now)) return Attempt(*this, found->second, now);

  const auto wait = ceil<seconds>(breaker.retry_at() - now);
  auto refused = base::fail(
      base::Kind::vendor_down, std::string(kBreakerOpen),
      fmt::format("vendor {} failed several times in a row; it is tried again in {} s", vendor, wait.count()));
  refused.error().retry_after = wait;
  return refused;
}

void Pulse::success(Vendor& vendor, std::chrono::microseconds latency) {
  if (vendor.failing) {
    const base::Lock lock(mutex_);
    vendor.breaker.on_success();
    vendor.failing = false;
  }
  board_.note_success(vendor.name, latency);
}

void Pulse::failure(Vendor& vendor, const base::Error& error) {
  if (is_derived(error)) return;
  const bool alive = proves_life(error);
  if (!alive && !speaks_of_health(error.kind)) return;
  {
    const base::Lock lock(mutex_);
    if (alive) vendor.breaker.on_success();
    if (!alive) vendor.breaker.on_failure(clock_.steady());
    vendor.failing = !alive;
  }
  if (!alive) board_.note_failure(vendor.name, error);
}

void Attempt::succeeded() {
  if (pulse_ == nullptr || std::exchange(reported_, true)) return;
  pulse_->success(*vendor_, std::chrono::duration_cast<std::chrono::microseconds>(pulse_->clock_.steady() - started_));
}

void Attempt::failed(const base::Error& error) {
  if (pulse_ != nullptr) pulse_->failure(*vendor_, error);
}

}  // namespace vendor::detail
