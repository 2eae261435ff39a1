#include "base/wake.hpp"

namespace base {

// Names the timer to wake while the coroutine's frame lives.
class Wake::Sleeper {
 public:
  Sleeper(Wake& wake, Timer& timer) : wake_(wake) {
    const Lock lock(wake_.mutex_);
    wake_.sleeper_ = &timer;
  }
  ~Sleeper() {
    const Lock lock(wake_.mutex_);
    wake_.sleeper_ = nullptr;
  }
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;

 private:
  Wake& wake_;
};

void Wake::ended() {
  const Lock lock(mutex_);
  ended_ = true;
  if (sleeper_ != nullptr) door_->post([self = shared_from_this()] { self->wake(); });
}

void Wake::wake() {
  const Lock lock(mutex_);
  if (sleeper_ != nullptr) sleeper_->cancel();
}

bool Wake::has_ended() const {
  const Lock lock(mutex_);
  return ended_;
}

Task<void> Wake::wait(std::shared_ptr<Wake> self) {
  Timer timer(co_await boost::asio::this_coro::executor);
  timer.expires_at(SteadyTime::max());
  const Sleeper sleeper(*self, timer);
  boost::system::error_code ignored;
  while (!self->has_ended()) {
    co_await timer.async_wait(uncancellable(error_into(ignored)));
  }
}

}  // namespace base
