#include "vault/detail/credential_cache.hpp"

#include <utility>

namespace vault::detail {

std::optional<CredentialCache::Entry> CredentialCache::get(std::string_view owner, std::string_view vendor) {
  const base::Lock lock(mutex_);
  const auto found = index_.find({owner, vendor});
  if (found == index_.end()) return std::nullopt;
  auto& node = *found->second;
  if (!node.used) node.used = true;
  return node.entry;
}

std::uint64_t CredentialCache::epoch() const {
  const base::Lock lock(mutex_);
  return epoch_;
}

void CredentialCache::put(std::uint64_t epoch, std::string_view owner, std::string_view vendor, Entry entry) {
  Nodes outdated;  // destroyed, and its secrets wiped, after the lock
  const base::Lock lock(mutex_);
  if (epoch != epoch_ || limit_ == 0) return;
  if (const auto found = index_.find({owner, vendor}); found != index_.end()) {
    found->second->entry = std::move(entry);
    found->second->used = true;
    return;
  }
  if (nodes_.size() >= limit_) {
    expose_unused();
    const auto oldest = std::prev(nodes_.end());
    index_.erase({oldest->owner, oldest->vendor});
    outdated.splice(outdated.begin(), nodes_, oldest);
  }
  nodes_.push_front({std::string(owner), std::string(vendor), std::move(entry)});
  index_.emplace(Key{nodes_.front().owner, nodes_.front().vendor}, nodes_.begin());
}

void CredentialCache::expose_unused() {
  while (std::exchange(nodes_.back().used, false)) nodes_.splice(nodes_.begin(), nodes_, std::prev(nodes_.end()));
}

void CredentialCache::drop(std::string_view owner, std::string_view vendor) {
  Nodes outdated;
  const base::Lock lock(mutex_);
  ++epoch_;
  const auto found = index_.find({owner, vendor});
  if (found == index_.end()) return;
  const auto node = found->second;
  index_.erase(found);
  outdated.splice(outdated.begin(), nodes_, node);
}

std::size_t CredentialCache::size() const {
  const base::Lock lock(mutex_);
  return nodes_.size();
}

}  // namespace vault::detail
