#include "identity/login_limiter.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <string>

#include "base/digest.hpp"
#include "identity/detail/login.hpp"

namespace identity {
namespace detail {

FailureTable::FailureTable(unsigned free, const LoginLimiterConfig& config) : free_(free), config_(config) {}

std::chrono::nanoseconds FailureTable::delay(const Key& key, base::SteadyTime now) const {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return {};
  const auto quiet = now - found->second.last;
  return std::max<std::chrono::nanoseconds>(penalty(found->second.failures) - quiet, {});
}

void FailureTable::add(const Key& key, base::SteadyTime now) {
  auto found = entries_.find(key);
  if (found != entries_.end() && now - found->second.last >= config_.forget_after) {
    forget(key);
    found = entries_.end();
  }
  if (found == entries_.end()) {
    if (entries_.size() >= config_.capacity) forget(Key(by_age_.front()));
    found = entries_.try_emplace(key).first;
    found->second.place = by_age_.insert(by_age_.end(), key);
  }
  ++found->second.failures;
  found->second.last = now;
  by_age_.splice(by_age_.end(), by_age_, found->second.place);
}

void FailureTable::take_back(const Key& key) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return;
  if (--found->second.failures == 0) forget(key);
}

void FailureTable::forget(const Key& key) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return;
  by_age_.erase(found->second.place);
  entries_.erase(found);
}

std::chrono::nanoseconds FailureTable::penalty(unsigned failures) const {
  if (failures < free_) return {};
  std::chrono::nanoseconds delay = config_.first_delay;
  for (unsigned i = free_; i < failures && delay < config_.longest_delay; ++i) delay *= 2;
  return std::min<std::chrono::nanoseconds>(delay, config_.longest_delay);
}

}  // namespace detail

namespace {

detail::FailureTable::Key digest(std::string_view text) {
  const auto whole = base::sha256(text);
  detail::FailureTable::Key key{};
  std::copy_n(whole.begin(), key.size(), key.begin());
  return key;
}

detail::FailureTable::Key account_key(std::string_view login) { return digest(detail::fold_case(login)); }

// Whoever has one IPv6 address has its /64; an IPv4-mapped one is the IPv4 address.
detail::FailureTable::Key address_key(std::string_view peer) {
  constexpr std::size_t kNetwork = 8;
  const std::string text(peer);
  std::array<char, 16> bytes{};
  if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return digest(peer);
  const std::string_view address(bytes.data(), bytes.size());
  constexpr std::string_view kMapped("\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
  if (address.starts_with(kMapped)) {
    std::array<char, INET_ADDRSTRLEN> dotted{};
    ::inet_ntop(AF_INET, address.substr(kMapped.size()).data(), dotted.data(), dotted.size());
    return digest(dotted.data());
  }
  return digest(address.substr(0, kNetwork));
}

}  // namespace

LoginLimiter::LoginLimiter(LoginLimiterConfig config)
    : accounts_(config.free_per_account, config), addresses_(config.free_per_address, config) {}

std::optional<std::chrono::seconds> LoginLimiter::begin(std::string_view login, std::string_view peer,
                                                        base::SteadyTime now) {
  const auto account = account_key(login);
  const auto address = address_key(peer);
  const base::Lock lock(mutex_);
  const auto delay = std::max(accounts_.delay(account, now), addresses_.delay(address, now));
  if (delay.count() > 0) return std::chrono::ceil<std::chrono::seconds>(delay);
  accounts_.add(account, now);
  addresses_.add(address, now);
  return std::nullopt;
}

void LoginLimiter::succeeded(std::string_view login, std::string_view peer) {
  const base::Lock lock(mutex_);
  accounts_.forget(account_key(login));
  addresses_.take_back(address_key(peer));
}

void LoginLimiter::abandoned(std::string_view login, std::string_view peer) {
  const base::Lock lock(mutex_);
  accounts_.take_back(account_key(login));
  addresses_.take_back(address_key(peer));
}

std::size_t LoginLimiter::remembered() const {
  const base::Lock lock(mutex_);
  return accounts_.size() + addresses_.size();
}

}  // namespace identity
