// How the vendors are: a background monitor with jitter and back-off, and what calls found meanwhile.
// DESIGN: /health/vendors shows it, the catalogue leaves down vendors out, calls to them fail at once.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/signal.hpp"

namespace vendor {

enum class Status { up, degraded, down, unknown };
[[nodiscard]] std::string_view name(Status status);

struct Health {
  Status status = Status::unknown;
  int consecutive_failures = 0;
  std::optional<base::Micros> last_check;
  std::optional<base::Micros> last_success;
  std::optional<std::chrono::microseconds> latency;
  std::string last_error;  // never a secret
};

struct HealthChange {
  std::string vendor;
  Status before;
  Status now;
};

// Thread-safe.
class HealthBoard {
 public:
  virtual ~HealthBoard() = default;
  [[nodiscard]] virtual Health of(std::string_view vendor) const = 0;
  [[nodiscard]] virtual Status status(std::string_view vendor) const = 0;
  [[nodiscard]] virtual std::map<std::string, Health> all() const = 0;
  // What a call found: only errors that speak of the vendor's health (down, timeout, invalid) count as failures.
  virtual void note_success(std::string_view vendor, std::chrono::microseconds latency) = 0;
  virtual void note_failure(std::string_view vendor, const base::Error& error) = 0;
  virtual base::Signal<HealthChange>& changes() = 0;
};

}  // namespace vendor
