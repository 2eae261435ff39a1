// Slows down password guessing, by account and by peer address. A pure state machine: time is an argument.
//
// An attempt counts as failed from begin() on until it is known to be good, so that a thousand attempts at once gain
// nothing over one after the other. Refused attempts do not count. Thread-safe, in memory, bounded.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/async.hpp"
#include "base/mutex.hpp"

namespace identity {

struct LoginLimiterConfig {
  unsigned free_per_account = 5;        // failures without a delay
  unsigned free_per_address = 20;       // an IPv6 address counts by its /64
  std::chrono::seconds first_delay{1};  // after the last free one; then doubled each time
  std::chrono::seconds longest_delay = std::chrono::minutes(15);
  std::chrono::seconds forget_after = std::chrono::hours(1);  // without a failure; more than longest_delay
  std::size_t capacity = 10'000;  // accounts, and addresses, remembered; beyond: the longest quiet one is forgotten
};

namespace detail {

// Failures by key, the delay that follows from them, and bounded memory. Not thread-safe.
class FailureTable {
 public:
  using Key = std::array<std::uint8_t, 16>;  // a digest: bounded, and no login is kept in memory

  FailureTable(unsigned free, const LoginLimiterConfig& config);
  // How long until the next attempt is allowed; 0: now.
  [[nodiscard]] std::chrono::nanoseconds delay(const Key& key, base::SteadyTime now) const;
  void add(const Key& key, base::SteadyTime now);
  void take_back(const Key& key);
  void forget(const Key& key);
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    unsigned failures = 0;
    base::SteadyTime last;
    std::list<Key>::iterator place;
  };
  [[nodiscard]] std::chrono::nanoseconds penalty(unsigned failures) const;

  unsigned free_;
  LoginLimiterConfig config_;
  std::map<Key, Entry> entries_;
  std::list<Key> by_age_;  // the longest quiet first
};

}  // namespace detail

class LoginLimiter {
 public:
  explicit LoginLimiter(LoginLimiterConfig config = {});

  // Counts an attempt. A value: refused, and how long to wait (rounded up). `login` compares without case; `peer` is an
  // address without port, anything else counts by its text.
  [[nodiscard]] std::optional<std::chrono::seconds> begin(std::string_view login, std::string_view peer,
                                                          base::SteadyTime now);
  // The attempt was good: the account starts afresh, the address gets this one back.
  void succeeded(std::string_view login, std::string_view peer);
  // The attempt was never judged (hasher busy, database down): both get it back.
  void abandoned(std::string_view login, std::string_view peer);

  // Accounts and addresses in memory.
  [[nodiscard]] std::size_t remembered() const;

 private:
  mutable base::Mutex mutex_;
  detail::FailureTable accounts_ MCPGW_GUARDED_BY(mutex_);
  detail::FailureTable addresses_ MCPGW_GUARDED_BY(mutex_);
};

}  // namespace identity
