#include "vendor/detail/running_calls.hpp"

#include <algorithm>
#include <atomic>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>

#include "base/kept_memory.hpp"

namespace vendor::detail {

namespace asio = boost::asio;

namespace {

std::unexpected<base::Error> was_cancelled() {
  return base::fail(base::Kind::cancelled, "cancelled", "The request was cancelled.");
}

template <class T>
base::Async<T> cancelled() {
  co_return was_cancelled();
}

}  // namespace

// Ends what one coroutine awaits, by a signal of its own: this is on the way of every message.
class RunningCalls::Stop {
 public:
  Stop(base::Executor executor, std::uint64_t id) : executor_(executor), id_(id) {}

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
  const base::Executor executor_;
  const std::uint64_t id_;
  std::atomic<bool> requested_ = false;
  asio::cancellation_signal signal_;
};

// A request's entry, from before it is sent to the end of its call.
class RunningCalls::Place {
 public:
  Place(std::shared_ptr<RunningCalls> calls, std::uint64_t id, base::Executor executor)
      : calls_(std::move(calls)), stop_(base::make_shared_kept<Stop>(executor, id)) {
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

  base::Async<Message> next(base::SteadyTime deadline) override {
    return call_ ? place_.stop()->unless(call_->next(deadline), &call_) : cancelled<Message>();
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
  base::Async<std::string_view> more(base::SteadyTime deadline) override {
    return call_ ? place_.stop()->unless(call_->more(deadline), &call_) : cancelled<std::string_view>();
  }
  void put_back(Message&& first) override {
    if (call_) call_->put_back(std::move(first));
  }
  [[nodiscard]] std::chrono::milliseconds retry() const override {
    return call_ ? call_->retry() : std::chrono::milliseconds();
  }

 private:
  std::unique_ptr<Call> call_;
  const Place place_;
};

base::Async<std::unique_ptr<Call>> RunningCalls::run(std::shared_ptr<RunningCalls> self, std::uint64_t id,
                                                     base::Async<std::unique_ptr<Call>> sending) {
  const base::Executor executor = co_await boost::asio::this_coro::executor;
  Place place(std::move(self), id, executor);
  auto call = co_await place.stop()->unless(std::move(sending));
  if (!call) co_return std::unexpected(std::move(call).error());
  co_return std::make_unique<RunningCall>(*std::move(call), std::move(place));
}

void RunningCalls::cancel(std::uint64_t id) {
  const base::Lock lock(mutex_);
  const auto found = std::ranges::find(stops_, id, [](const auto& stop) { return stop->id(); });
  if (found != stops_.end()) Stop::request(*found);
}

}  // namespace vendor::detail
