// Where a channel keeps its listener. Thread-safe.
#pragma once

#include <memory>

#include "base/mutex.hpp"
#include "vendor/channel.hpp"

namespace vendor::detail {

class ListenerSlot {
 public:
  void set(std::weak_ptr<Listener> listener) {
    const base::Lock lock(mutex_);
    listener_ = std::move(listener);
  }
  [[nodiscard]] std::shared_ptr<Listener> get() const {
    const base::Lock lock(mutex_);
    return listener_.lock();
  }

 private:
  mutable base::Mutex mutex_;
  std::weak_ptr<Listener> listener_ MCPGW_GUARDED_BY(mutex_);
};

}  // namespace vendor::detail
