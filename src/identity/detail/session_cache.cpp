#include "identity/detail/session_cache.hpp"

namespace identity::detail {

std::optional<BrowserSession> SessionCache::find(const std::string& key, base::SteadyTime now) const {
  const base::Lock lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end() || now - found->second.read >= ttl_) return std::nullopt;
  return found->second.session;
}

std::uint64_t SessionCache::epoch() const {
  const base::Lock lock(mutex_);
  return epoch_;
}

void SessionCache::put(const BrowserSession& session, std::uint64_t epoch, base::SteadyTime now) {
  const base::Lock lock(mutex_);
  if (epoch != epoch_) return;
  if (entries_.size() >= limit_) entries_.clear();
  entries_.insert_or_assign(session.key, Entry{session, now});
}

void SessionCache::drop(const std::string& key) {
  const base::Lock lock(mutex_);
  ++epoch_;
  entries_.erase(key);
}

void SessionCache::drop_user(const std::string& user_id) {
  const base::Lock lock(mutex_);
  ++epoch_;
  std::erase_if(entries_, [&](const auto& entry) { return entry.second.session.user.id == user_id; });
}

}  // namespace identity::detail
