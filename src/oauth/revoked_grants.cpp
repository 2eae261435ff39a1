#include "oauth/revoked_grants.hpp"

#include <algorithm>

namespace oauth {

bool RevokedGrants::add(const std::string& grant_id, base::Micros until) {
  const base::Lock lock(mutex_);
  const auto [entry, added] = until_.try_emplace(grant_id, until);
  entry->second = std::max(entry->second, until);
  size_.store(until_.size(), std::memory_order_release);
  return added;
}

bool RevokedGrants::contains(const std::string& grant_id) const {
  if (size() == 0) return false;
  const base::Lock lock(mutex_);
  return until_.contains(grant_id);
}

void RevokedGrants::prune(base::Micros now) {
  const base::Lock lock(mutex_);
  std::erase_if(until_, [now](const auto& entry) { return entry.second < now; });
  size_.store(until_.size(), std::memory_order_release);
}

}  // namespace oauth
