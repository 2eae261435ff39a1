// What calls find out about the vendors' health: told to the health board, and asked of the breakers before each call.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "vendor/breaker.hpp"
#include "vendor/health.hpp"

namespace vendor::detail {

// Codes of errors that say nothing about a vendor's health.
inline constexpr std::string_view kBreakerOpen = "vendor.breaker_open";
inline constexpr std::string_view kBackingOff = "vendor.backing_off";
inline constexpr std::string_view kHttpRefused = "vendor.http_refused";  // a 4xx: it works, but not for this request
inline constexpr std::string_view kSessionGone = "vendor.session_gone";

// One call's report. Destroyed without a verdict (its caller gave up) it reports nothing.
class Attempt;

// Thread-safe.
class Pulse {
 public:
  // REQUIRES: board and clock outlive this.
  Pulse(HealthBoard& board, const base::Clock& clock, BreakerConfig config);

  // Errors: vendor_down with code kBreakerOpen, naming the vendor and when it is tried next.
  [[nodiscard]] base::Result<Attempt> begin(std::string_view vendor);

 private:
  friend class Attempt;
  void success(const std::string& vendor, std::chrono::microseconds latency);
  void failure(const std::string& vendor, const base::Error& error);

  HealthBoard& board_;
  const base::Clock& clock_;
  const BreakerConfig config_;
  base::Mutex mutex_;
  std::map<std::string, Breaker, std::less<>> breakers_ MCPGW_GUARDED_BY(mutex_);
};

class Attempt {
 public:
  Attempt() = default;  // reports to nobody
  Attempt(Pulse& pulse, std::string vendor, base::SteadyTime started)
      : pulse_(&pulse), vendor_(std::move(vendor)), started_(started) {}

  // The first verdict "it works" counts; failures count each.
  void succeeded();
  void failed(const base::Error& error);

 private:
  Pulse* pulse_ = nullptr;
  std::string vendor_;
  base::SteadyTime started_{};
  bool reported_ = false;
};

}  // namespace vendor::detail
