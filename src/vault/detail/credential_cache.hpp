// Opened credentials in memory, those dropped first that were not used for long; "there is none" is remembered too.
// Thread-safe.
#pragma once

#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/mutex.hpp"
#include "vault/credentials.hpp"

namespace vault::detail {

class CredentialCache {
 public:
  struct Entry {
    std::shared_ptr<const Credential> credential;  // nullptr: known to be absent
    std::optional<base::Micros> tested;
  };

  explicit CredentialCache(std::size_t limit) : limit_(limit) {}

  [[nodiscard]] std::optional<Entry> get(std::string_view owner, std::string_view vendor);

  // Ask before reading the store, give it to put() after: what was read before a change is then not kept.
  [[nodiscard]] std::uint64_t epoch() const;
  void put(std::uint64_t epoch, std::string_view owner, std::string_view vendor, Entry entry);
  void drop(std::string_view owner, std::string_view vendor);
  [[nodiscard]] std::size_t size() const;

 private:
  struct Node {
    std::string owner;
    std::string vendor;
    Entry entry;
    bool used = false;  // since it was last looked at for dropping: moving it at each use would touch its neighbours
  };
  using Key = std::pair<std::string_view, std::string_view>;  // into the node
  struct KeyHash {
    std::size_t operator()(const Key& key) const {
      const std::hash<std::string_view> hash;
      return hash(key.first) * 31 + hash(key.second);
    }
  };
  using Nodes = std::list<Node>;  // youngest first

  // The oldest one that was not used, at the back.
  void expose_unused() MCPGW_REQUIRES(mutex_);

  const std::size_t limit_;
  mutable base::Mutex mutex_;
  std::uint64_t epoch_ MCPGW_GUARDED_BY(mutex_) = 0;
  Nodes nodes_ MCPGW_GUARDED_BY(mutex_);
  std::unordered_map<Key, Nodes::iterator, KeyHash> index_ MCPGW_GUARDED_BY(mutex_);
};

}  // namespace vault::detail
