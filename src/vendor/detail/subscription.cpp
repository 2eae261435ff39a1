#include "vendor/detail/subscription.hpp"

#include <algorithm>
#include <array>

#include "base/log.hpp"
#include "base/spawn.hpp"
#include "mcp/envelope.hpp"
#include "mcp/error.hpp"
#include "vendor/detail/pulse.hpp"
#include "vendor/detail/received.hpp"
#include "vendor/detail/reopening.hpp"
#include "vendor/detail/subscription_filter.hpp"

namespace vendor::detail {
namespace {

using std::chrono::steady_clock;

// For the answer's head, and for the acknowledgement behind it.
constexpr std::chrono::milliseconds kOpenTimeout{30'000};
// A stream that lived less than this has failed: the next one comes later.
constexpr std::chrono::seconds kLongLife{30};

// Whether asking again is of no use: the vendor has no such method, or none for this request.
bool is_refusal(int code) {
  return code == mcp::kMethodNotFound || code == mcp::kInvalidParams || is_modern_error(code);
}

}  // namespace

Subscription::Subscription(base::Executor executor, std::weak_ptr<SubscriptionPeer> peer, std::string vendor,
                           Subscriptions filter, std::shared_ptr<ListenerSlot> slot, base::Random& random,
                           SubscriptionConfig config, std::shared_ptr<Subscription> before,
                           std::shared_ptr<base::Notifier> changed)
    : executor_(executor),
      peer_(std::move(peer)),
      vendor_(std::move(vendor)),
      filter_(std::move(filter)),
      slot_(std::move(slot)),
      random_(random),
      config_(config),
      stop_(std::make_shared<StopSignal>(executor)),
      before_(std::move(before)),
      changed_(std::move(changed)) {}

base::Task<void> Subscription::run(std::shared_ptr<Subscription> self) {
  if (!self->stop_->requested()) co_await (self->loop() || self->stop_->wait());
}

void Subscription::stop(const std::shared_ptr<Subscription>& self) {
  StopSignal::request(self->stop_);
  std::shared_ptr<Subscription> before;
  {
    const base::Lock lock(self->mutex_);
    before.swap(self->before_);
  }
  if (before) stop(before);
}

base::Task<void> Subscription::loop() {
  while (co_await open_once() == Next::again) {
    set(State::opening);
    co_await pause();
  }
  set(State::ended);
}

base::Task<Subscription::Next> Subscription::open_once() {
  ++attempts_;
  auto peer = peer_.lock();
  if (!peer) co_return Next::never;
  const auto id = peer->next_subscription_id();
  const auto text = listen_request(id, filter_);
  const std::array<std::string_view, 1> pieces{text};
  const Outgoing outgoing{.pieces = pieces, .method = "subscriptions/listen", .name = {}, .id = id, .traceparent = {}};
  auto call = co_await peer->subscribe(outgoing, steady_clock::now() + std::min(kOpenTimeout, config_.quiet));
  // While the stream is open nothing here keeps the channel alive.
  peer.reset();
  if (call) co_return co_await hear(*std::move(call));
  ++failures_;
  const auto& error = call.error();
  const bool final = error.code == kSessionGone || error.kind == base::Kind::vendor_rejected;
  co_return final ? Next::never : Next::again;
}

base::Task<Subscription::Next> Subscription::hear(std::unique_ptr<Call> call) {
  const auto began = steady_clock::now();
  auto next = Next::again;
  while (true) {
    const bool acknowledged = state() == State::heard;
    const auto patience = acknowledged ? config_.quiet : std::min(kOpenTimeout, config_.quiet);
    auto message = co_await call->next(steady_clock::now() + patience);
    if (!message) break;
    const auto envelope = mcp::scan(*message);
    if (!envelope) continue;
    if (envelope->shape == mcp::Shape::response) {
      if (!is_refusal(error_code(*message))) break;
      base::log::debug("vendor.no_subscriptions", {{"vendor", vendor_}, {"error", error_words(*message)}});
      next = Next::never;
      break;
    }
    if (!acknowledged) acknowledge();
    if (envelope->method == "notifications/subscriptions/acknowledged") continue;
    if (const auto listener = slot_->get()) listener->on_message(*std::move(message));
  }
  failures_ = steady_clock::now() - began >= kLongLife ? 1 : failures_ + 1;
  co_return next;
}

base::Task<void> Subscription::pause() {
  base::Timer timer(executor_, steady_clock::now() + reopening_delay(config_.retry, failures_, random_.fraction()));
  co_await timer.async_wait(base::use_task);
}

void Subscription::set(State state) {
  state_ = state;
  changed_->notify_all();
}

void Subscription::acknowledge() {
  set(State::heard);
  std::shared_ptr<Subscription> before;
  {
    const base::Lock lock(mutex_);
    before.swap(before_);
  }
  if (before) stop(before);
  const auto listener = attempts_ > 1 ? slot_->get() : nullptr;
  if (!listener) return;
  for (auto& message : missed_notifications(filter_)) listener->on_message(std::move(message));
}

}  // namespace vendor::detail
