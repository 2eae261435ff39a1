#include "vendor/memory_health_board.hpp"

namespace vendor {

bool speaks_of_health(base::Kind kind) {
  return kind == base::Kind::vendor_down || kind == base::Kind::vendor_timeout || kind == base::Kind::vendor_invalid;
}

MemoryHealthBoard::MemoryHealthBoard(const base::Clock& clock, HealthPolicy policy) : clock_(clock), policy_(policy) {}

Health MemoryHealthBoard::of(std::string_view vendor) const {
  const base::Lock lock(mutex_);
  const auto entry = states_.find(vendor);
  return entry == states_.end() ? Health{} : entry->second.health();
}

Status MemoryHealthBoard::status(std::string_view vendor) const {
  const base::Lock lock(mutex_);
  const auto entry = states_.find(vendor);
  return entry == states_.end() ? Status::unknown : entry->second.health().status;
}

std::map<std::string, Health> MemoryHealthBoard::all() const {
  const base::Lock lock(mutex_);
  std::map<std::string, Health> healths;
  for (const auto& [vendor, state] : states_) healths.emplace(vendor, state.health());
  return healths;
}

void MemoryHealthBoard::note_success(std::string_view vendor, std::chrono::microseconds latency) {
  Status before;
  Status now;
  {
    const base::Lock lock(mutex_);
    auto known = states_.find(vendor);
    if (known == states_.end()) known = states_.try_emplace(std::string(vendor), policy_).first;
    auto& state = known->second;
    before = state.on_success(clock_.now(), latency);
    now = state.health().status;
  }
  emit(vendor, before, now);
}

void MemoryHealthBoard::note_failure(std::string_view vendor, const base::Error& error) {
  if (!speaks_of_health(error.kind)) return;
  Status before;
  Status now;
  {
    const base::Lock lock(mutex_);
    auto& state = states_.try_emplace(std::string(vendor), policy_).first->second;
    before = state.on_failure(clock_.now(), error.message);
    now = state.health().status;
  }
  emit(vendor, before, now);
}

void MemoryHealthBoard::keep(const Definitions& definitions) {
  const base::Lock lock(mutex_);
  std::erase_if(states_, [&definitions](const auto& entry) {
    const auto definition = definitions.find(entry.first);
    return definition == definitions.end() || !definition->second->enabled;
  });
}

void MemoryHealthBoard::emit(std::string_view vendor, Status before, Status now) {
  if (before != now) changes_.emit({std::string(vendor), before, now});
}

}  // namespace vendor
