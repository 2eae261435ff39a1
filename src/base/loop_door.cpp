#include "base/loop_door.hpp"

namespace base {

// Services are shut down youngest first, and the loop's own scheduler is the oldest: what this closes is closed before
// the scheduler lets go of its queue.
class LoopDoor::Service final : public boost::asio::execution_context::service {
 public:
  using key_type = Service;
  static inline boost::asio::execution_context::id id;

  explicit Service(boost::asio::io_context& loop)
      : service(loop), door_(std::make_shared<LoopDoor>(loop.get_executor())) {}

  [[nodiscard]] const std::shared_ptr<LoopDoor>& door() const { return door_; }

 private:
  void shutdown() override { door_->close(); }

  std::shared_ptr<LoopDoor> door_;
};

std::shared_ptr<LoopDoor> LoopDoor::of(const Executor& executor) {
  return boost::asio::use_service<Service>(executor.context()).door();
}

void LoopDoor::close() {
  const Lock lock(mutex_);
  is_open_ = false;
}

}  // namespace base
