#include "vendor/detail/running_calls.hpp"

namespace vendor::detail {

// A request's entry, from before it is sent to the end of its call.
class RunningCalls::Place {
 public:
  Place(std::shared_ptr<RunningCalls> calls, std::uint64_t id, base::Executor executor)
      : calls_(std::move(calls)), id_(id), stop_(std::make_shared<StopSignal>(executor)) {
    const base::Lock lock(calls_->mutex_);
    calls_->stops_[id_] = stop_;
  }
  Place(Place&&) noexcept = default;
  Place& operator=(Place&&) = delete;
  ~Place() {
    if (!calls_) return;
    const base::Lock lock(calls_->mutex_);
    const auto found = calls_->stops_.find(id_);
    if (found != calls_->stops_.end() && found->second == stop_) calls_->stops_.erase(found);
  }
  [[nodiscard]] const std::shared_ptr<StopSignal>& stop() const { return stop_; }

 private:
  std::shared_ptr<RunningCalls> calls_;
  std::uint64_t id_;
  std::shared_ptr<StopSignal> stop_;
};

class RunningCalls::RunningCall final : public Call {
 public:
  RunningCall(std::unique_ptr<Call> call, Place place) : call_(std::move(call)), place_(std::move(place)) {}

  base::Async<Message> next(base::SteadyTime deadline) override {
    if (!call_) co_return base::fail(base::Kind::cancelled, "cancelled", "The request was cancelled.");
    auto message = co_await unless_stopped(place_.stop(), call_->next(deadline));
    if (!message && message.error().kind == base::Kind::cancelled) call_.reset();
    co_return message;
  }
  [[nodiscard]] bool streams() const override { return call_ && call_->streams(); }
  void tell_pauses() override {
    if (call_) call_->tell_pauses();
  }

 private:
  std::unique_ptr<Call> call_;
  const Place place_;
};

base::Async<std::unique_ptr<Call>> RunningCalls::run(std::shared_ptr<RunningCalls> self, std::uint64_t id,
                                                     base::Async<std::unique_ptr<Call>> sending) {
  const base::Executor executor = co_await boost::asio::this_coro::executor;
  Place place(std::move(self), id, executor);
  auto call = co_await unless_stopped(place.stop(), std::move(sending));
  if (!call) co_return std::unexpected(std::move(call).error());
  co_return std::make_unique<RunningCall>(*std::move(call), std::move(place));
}

void RunningCalls::cancel(std::uint64_t id) {
  const base::Lock lock(mutex_);
  const auto found = stops_.find(id);
  if (found != stops_.end()) StopSignal::request(found->second);
}

}  // namespace vendor::detail
