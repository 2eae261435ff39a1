// Values that many hold and few differ: who needs one with a key that somebody has shares it. Thread-safe.
#pragma once

#include <algorithm>
#include <map>
#include <memory>

#include "base/mutex.hpp"

namespace base {

template <class Key, class Value>
class Interned {
 public:
  // `make(key)` gives the value when nobody has it.
  template <class Make>
  [[nodiscard]] std::shared_ptr<const Value> of(const Key& key, Make make) {
    const Lock lock(mutex_);
    if (known_.size() >= most_) {
      std::erase_if(known_, [](const auto& entry) { return entry.second.expired(); });
      most_ = std::max(kFew, 2 * known_.size());
    }
    auto& known = known_[key];
    auto value = known.lock();
    if (!value) known = value = std::make_shared<const Value>(make(key));
    return value;
  }
  // Some of them perhaps nobody's any more, but not more of those than of the others, or a few.
  [[nodiscard]] std::size_t size() const {
    const Lock lock(mutex_);
    return known_.size();
  }

 private:
  static constexpr std::size_t kFew = 64;

  mutable Mutex mutex_;
  std::map<Key, std::weak_ptr<const Value>> known_ MCPGW_GUARDED_BY(mutex_);
  std::size_t most_ MCPGW_GUARDED_BY(mutex_) = kFew;  // then those that nobody has any more are forgotten
};

}  // namespace base
