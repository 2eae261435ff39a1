// What calls find out about the vendors' health: told to the health board, and asked of the breakers before each call.
#pragma once

#include <atomic>
#include <map>
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
  // Stays where it is as long as the pulse, so that an attempt can point to it.
  struct Vendor {
    Vendor(std::string_view n, BreakerConfig config) : name(n), breaker(config) {}
    const std::string name;
    Breaker breaker;                    // guarded by mutex_
    std::atomic<bool> failing = false;  // the breaker has counted failures since the last success
  };
  void success(Vendor& vendor, std::chrono::microseconds latency);
  void failure(Vendor& vendor, const base::Error& error);

  HealthBoard& board_;
  const base::Clock& clock_;
  const BreakerConfig config_;
  base::Mutex mutex_;
  std::map<std::string, Vendor, std::less<>> vendors_ MCPGW_GUARDED_BY(mutex_);
};

class Attempt {
 public:
  Attempt() = default;  // reports to nobody

  // The first verdict "it works" counts; failures count each.
  void succeeded();
  void failed(const base::Error& error);

 private:
  friend class Pulse;
  Attempt(Pulse& pulse, Pulse::Vendor& vendor, base::SteadyTime started)
      : pulse_(&pulse), vendor_(&vendor), started_(started) {}

  Pulse* pulse_ = nullptr;
  Pulse::Vendor* vendor_ = nullptr;
  base::SteadyTime started_{};
  bool reported_ = false;
};

}  // namespace vendor::detail
