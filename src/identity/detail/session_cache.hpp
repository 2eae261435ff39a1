// Browser sessions read a moment ago, so that a page with its files asks the database once. Thread-safe, bounded.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/async.hpp"
#include "base/mutex.hpp"
#include "identity/browser_sessions.hpp"

namespace identity::detail {

class SessionCache {
 public:
  SessionCache(std::chrono::seconds ttl, std::size_t limit) : ttl_(ttl), limit_(limit) {}

  [[nodiscard]] std::optional<BrowserSession> find(const std::string& key, base::SteadyTime now) const;
  // Take the epoch before reading the database and hand it to put(): what was read before something ended is not kept.
  [[nodiscard]] std::uint64_t epoch() const;
  void put(const BrowserSession& session, std::uint64_t epoch, base::SteadyTime now);
  void drop(const std::string& key);
  void drop_user(const std::string& user_id);

 private:
  struct Entry {
    BrowserSession session;
    base::SteadyTime read;
  };
  std::chrono::seconds ttl_;
  std::size_t limit_;
  mutable base::Mutex mutex_;
  std::uint64_t epoch_ MCPGW_GUARDED_BY(mutex_) = 0;
  std::unordered_map<std::string, Entry> entries_ MCPGW_GUARDED_BY(mutex_);
};

}  // namespace identity::detail
