// The health of every vendor, in memory: what the monitor and the calls of this node found.
#pragma once

#include <map>
#include <string>

#include "base/mutex.hpp"
#include "vendor/definition.hpp"
#include "vendor/health.hpp"
#include "vendor/health_state.hpp"

namespace vendor {

// Thread-safe. Changes are emitted with no lock held, so those of two threads may arrive in either order: a subscriber
// that needs the present asks of().
class MemoryHealthBoard final : public HealthBoard {
 public:
  // REQUIRES: clock outlives this.
  explicit MemoryHealthBoard(const base::Clock& clock, HealthPolicy policy = {});

  // A vendor nobody has noted anything about is unknown.
  [[nodiscard]] Health of(std::string_view vendor) const override;
  [[nodiscard]] Status status(std::string_view vendor) const override;
  [[nodiscard]] std::map<std::string, Health> all() const override;
  void note_success(std::string_view vendor, std::chrono::microseconds latency) override;
  void note_failure(std::string_view vendor, const base::Error& error) override;
  base::Signal<HealthChange>& changes() override { return changes_; }

  // Forgets every vendor that is not there, or not enabled, any more.
  void keep(const Definitions& definitions);

 private:
  void emit(std::string_view vendor, Status before, Status now);

  const base::Clock& clock_;
  const HealthPolicy policy_;
  mutable base::Mutex mutex_;
  std::map<std::string, HealthState, std::less<>> states_ MCPGW_GUARDED_BY(mutex_);
  base::Signal<HealthChange> changes_;
};

// Whether an error speaks of the vendor's health: it could not be reached, did not answer in time, or answered
// something else than the protocol. A rejected credential or a large answer comes from a vendor that works.
[[nodiscard]] bool speaks_of_health(base::Kind kind);

}  // namespace vendor
