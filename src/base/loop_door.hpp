// The way into an event loop for threads that cannot know whether it still is there: those of the database, of the
// password hasher, of name look-ups. Asio lets nobody post to an io_context whose destruction has begun; the door
// closes before it begins.
#pragma once

#include <boost/asio/post.hpp>
#include <memory>

#include "base/async.hpp"
#include "base/mutex.hpp"

namespace base {

// Thread-safe. May outlive its loop.
class LoopDoor {
 public:
  // The door of that loop, always the same one. REQUIRES: the loop lives.
  [[nodiscard]] static std::shared_ptr<LoopDoor> of(const Executor& executor);

  explicit LoopDoor(Executor executor) : executor_(executor) {}

  // Runs `function` in the loop; drops it when there is no loop any more.
  template <class Function>
  void post(Function function) {
    const Lock lock(mutex_);
    if (is_open_) boost::asio::post(executor_, std::move(function));
  }

 private:
  class Service;
  void close();

  Executor executor_;
  Mutex mutex_;
  bool is_open_ MCPGW_GUARDED_BY(mutex_) = true;
};

}  // namespace base
