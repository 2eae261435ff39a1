// What vendors were found to speak, so that none is asked twice (2026-07-28 basic/versioning: the era is a property of
// the server), and what those of the modern era said of themselves, for as long as they said it holds.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "base/async.hpp"
#include "base/mutex.hpp"
#include "vendor/definition.hpp"

namespace vendor::detail {

// Thread-safe. A vendor is its slug and its transport: another URL or command under the same slug is another vendor.
class ProtocolMemory {
 public:
  // Never Protocol::automatic; nothing when it is not known.
  [[nodiscard]] std::optional<Protocol> recall(const Definition& definition) const;
  void remember(const Definition& definition, Protocol protocol);
  // It stopped fitting: what the vendor said goes too.
  void forget(const Definition& definition);

  // A DiscoverResult is kept for one connection (`key` of its injection) as long as its ttlMs says, but at least a
  // minute and at most an hour, and only while the vendor is remembered as modern.
  [[nodiscard]] std::optional<std::string> discovered(const Definition& definition, const std::string& key,
                                                      base::SteadyTime now) const;
  void keep_discovered(const Definition& definition, const std::string& key, std::string result,
                       std::chrono::milliseconds ttl, base::SteadyTime now);

 private:
  struct Discovered {
    std::string result;
    base::SteadyTime until;
  };
  struct Known {
    std::string transport;
    Protocol protocol = Protocol::automatic;
    std::map<std::string, Discovered> discovered;  // by key of the injection
  };

  [[nodiscard]] const Known* find(const Definition& definition) const MCPGW_REQUIRES(mutex_);

  mutable base::Mutex mutex_;
  std::map<std::string, Known> vendors_ MCPGW_GUARDED_BY(mutex_);  // by slug
};

}  // namespace vendor::detail
