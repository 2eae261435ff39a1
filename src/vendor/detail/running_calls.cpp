#include "vendor/detail/running_calls.hpp"

#include <algorithm>
#include <atomic>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>

#include "base/kept_memory.hpp"
#include "vendor/detail/pulse.hpp"

namespace vendor::detail {

namespace asio = boost::asio;

namespace {

base::Failure was_cancelled() { return base::fail(base::Kind::cancelled, "cancelled", "The request was cancelled."); }

}  // namespace

// Ends what one coroutine awaits, by a signal of its own: this is on the way of every message.
class RunningCalls::Stop {
 public:
  // REQUIRES: `calls` outlives the awaiting of unless().
  Stop(const RunningCalls& calls, base::Executor executor, std::uint64_t id)
      : calls_(calls), executor_(executor), id_(id) {}

  [[nodiscard]] std::uint64_t id() const { return id_; }
  // Any thread.
  static void request(const std::shared_ptr<Stop>& self) {
    self->requested_ = true;
    asio::post(self->executor_, [self] { self->signal_.emit(asio::cancellation_type::all); });
  }

  // The outcome of `work`, or an error of kind cancelled as soon as it is requested; then `call`, if any, is dropped.
  // The executor's thread; the caller's own cancellation reaches the work too. This and `call` outlive the await.
  template <class T>
  base::Async<T> unless(base::Async<T> work, std::unique_ptr<Call>* call = nullptr) {
    if (!requested_) {
      const auto scope = co_await base::cancelled_by(signal_);
      try {
        auto result = co_await std::move(work);
        if (!result && result.error().code == kSessionGone && calls_.gone_) calls_.gone_();
        if (result || !requested_) co_return result;
      } catch (const boost::system::system_error&) {
        // A step of the work that was given up; otherwise it is the caller who is.
        if (!requested_) throw;
      }
    }
    if (call != nullptr) call->reset();
    co_return was_cancelled();
  }

 private:
  const RunningCalls& calls_;
  const base::Executor executor_;
  const std::uint64_t id_;
  std::atomic<bool> requested_ = false;
  asio::cancellation_signal signal_;
};

// A request's entry, from before it is sent to the end of its call.
class RunningCalls::Place {
 public:
  Place(std::shared_ptr<RunningCalls> calls, std::uint64_t id, base::Executor executor)
      : calls_(std::move(calls)), stop_(base::make_shared_kept<Stop>(*calls_, executor, id)) {
    const base::Lock lock(calls_->mutex_);
    calls_->stops_.push_back(stop_);
  }
  Place(Place&&) noexcept = default;
  Place& operator=(Place&&) = delete;
  ~Place() {
    if (!calls_) return;
    const base::Lock lock(calls_->mutex_);
    // The order is of no matter.
    auto& stops = calls_->stops_;
    const auto found = std::ranges::find(stops, stop_);
    if (found == stops.end()) return;
    *found = std::move(stops.back());
    stops.pop_back();
  }
  [[nodiscard]] const std::shared_ptr<Stop>& stop() const { return stop_; }

 private:
  std::shared_ptr<RunningCalls> calls_;
  std::shared_ptr<Stop> stop_;
};

class RunningCalls::RunningCall final : public Call, public base::InKeptMemory {
 public:
  RunningCall(std::unique_ptr<Call> call, Place place) : call_(std::move(call)), place_(std::move(place)) {}

  base::Soon<void> begin(base::SteadyTime deadline) override {
    if (!call_) return was_cancelled();
    return unless_stopped(call_->begin(deadline));
  }
  base::Soon<Message> next(base::SteadyTime deadline) override {
    if (!call_) return was_cancelled();
    return unless_stopped(call_->next(deadline));
  }
  [[nodiscard]] std::shared_ptr<const mcp::Envelope> scanned() const override {
    return call_ ? call_->scanned() : nullptr;
  }
  [[nodiscard]] bool streams() const override { return call_ && call_->streams(); }
  void tell_pauses() override {
    if (call_) call_->tell_pauses();
  }
  void take_parts_beyond(std::size_t bytes) override {
    if (call_) call_->take_parts_beyond(bytes);
  }
  [[nodiscard]] bool has_more() const override { return call_ && call_->has_more(); }
  base::Soon<std::string_view> more(base::SteadyTime deadline) override {
    if (!call_) return was_cancelled();
    return unless_stopped(call_->more(deadline));
  }
  void put_back(Message&& first) override {
    if (call_) call_->put_back(std::move(first));
  }
  [[nodiscard]] std::chrono::milliseconds retry() const override {
    return call_ ? call_->retry() : std::chrono::milliseconds();
  }

 private:
  template <class T>
  base::Soon<T> unless_stopped(base::Soon<T> step) {
    if (step.is_there()) return step;
    return place_.stop()->unless(std::move(step).task(), &call_);
  }

  std::unique_ptr<Call> call_;
  const Place place_;
};

std::unique_ptr<Call> RunningCalls::add(std::shared_ptr<RunningCalls> self, std::uint64_t id, base::Executor executor,
                                        std::unique_ptr<Call> call) {
  return std::make_unique<RunningCall>(std::move(call), Place(std::move(self), id, executor));
}

base::Async<std::unique_ptr<Call>> RunningCalls::run(std::shared_ptr<RunningCalls> self, std::uint64_t id,
                                                     base::Async<std::unique_ptr<Call>> sending) {
  const base::Executor executor = co_await boost::asio::this_coro::executor;
  Place place(std::move(self), id, executor);
  auto call = co_await place.stop()->unless(std::move(sending));
  if (!call) co_return std::move(call).failure();
  co_return std::make_unique<RunningCall>(*std::move(call), std::move(place));
}

void RunningCalls::cancel(std::uint64_t id) {
  const base::Lock lock(mutex_);
  const auto found = std::ranges::find(stops_, id, [](const auto& stop) { return stop->id(); });
  if (found != stops_.end()) Stop::request(*found);
}

}  // namespace vendor::detail
