#include "vendor/detail/listening.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "base/spawn.hpp"
#include "vendor/detail/http_failure.hpp"
#include "vendor/detail/pulse.hpp"
#include "vendor/detail/received.hpp"
#include "vendor/detail/reopening.hpp"

namespace vendor::detail {
namespace {

constexpr std::chrono::seconds kHeadTimeout{30};

}  // namespace

Listening::Listening(base::Executor executor, std::shared_ptr<const HttpPeer> peer, HttpSession session,
                     std::shared_ptr<ListenerSlot> slot, base::Random& random)
    : executor_(executor),
      peer_(std::move(peer)),
      session_(std::move(session)),
      slot_(std::move(slot)),
      random_(random),
      stop_(std::make_shared<StopSignal>(executor)) {}

base::Task<Listening::End> Listening::run(std::shared_ptr<Listening> self) {
  if (self->stop_->requested()) co_return End::stopped;
  const auto first = co_await (self->loop() || self->stop_->wait());
  self->set(State::ended);
  co_return first.index() == 0 ? std::get<0>(first) : End::stopped;
}

void Listening::stop(const std::shared_ptr<Listening>& self) { StopSignal::request(self->stop_); }

base::Task<bool> Listening::hears(std::shared_ptr<Listening> self, base::SteadyTime deadline) {
  while (true) {
    auto ticket = self->changed_.prepare();
    if (self->state_ != State::opening) co_return self->state_ == State::heard;
    if (!co_await ticket.wait(deadline)) co_return false;
  }
}

void Listening::set(State state) {
  state_ = state;
  changed_.notify_all();
}

base::Task<Listening::End> Listening::loop() {
  while (true) {
    if (const auto end = co_await open_once()) co_return *end;
    co_await pause();
  }
}

base::Task<std::optional<Listening::End>> Listening::open_once() {
  const auto deadline = std::chrono::steady_clock::now() + kHeadTimeout;
  auto response = co_await peer_->get(session_, source_ ? source_->last_event_id() : std::string(), deadline);
  if (!response) {
    ++failures_;
    co_return std::nullopt;
  }
  const auto status = response->status();
  const bool streams = status == 200 && media_type(response->headers().get("Content-Type")) == "text/event-stream";
  if (streams) {
    if (source_) {
      source_->resume(*std::move(response));
    } else {
      source_.emplace(*std::move(response), peer_->config().message_bytes);
    }
    set(State::heard);
    co_await read();
    set(State::opening);
    co_return std::nullopt;
  }
  const auto failure = (co_await peer_->failure(*std::move(response), session_, deadline)).error;
  if (failure.code == kSessionGone) co_return End::gone;
  const bool passes = status >= 500 || status == 408 || status == 429;
  if (!passes) {
    if (status != 405) base::log::debug("vendor.no_stream", {{"vendor", peer_->vendor()}, {"status", status}});
    co_return End::none;
  }
  ++failures_;
  co_return std::nullopt;
}

base::Task<void> Listening::read() {
  const auto before = source_->events();
  while (true) {
    auto data = co_await source_->next_before_silence(peer_->config().quiet_stream);
    if (!data || !*data) break;
    deliver(**std::move(data));
  }
  // A vendor that ends every stream at once, with nothing in it, is asked less and less often.
  failures_ = source_->events() == before ? failures_ + 1 : 0;
}

base::Task<void> Listening::pause() {
  const auto first = source_ && source_->retry() ? *source_->retry() : peer_->config().retry;
  // A stream that ends again and again in the ordinary way, with events in it, is taken up in its own rhythm.
  const auto wait = failures_ > 0 ? reopening_delay(first, failures_, random_.fraction()) : first;
  base::Timer timer(executor_,
                    std::chrono::steady_clock::now() + std::clamp(wait, kShortestReopening, kLongestReopening));
  co_await timer.async_wait(base::use_task);
}

void Listening::deliver(std::string text) {
  auto messages = read_received(peer_->vendor(), std::move(text));
  if (!messages) {
    base::log::debug("vendor.bad_message", {{"vendor", peer_->vendor()}, {"error", messages.error().message}});
    return;
  }
  const auto listener = slot_->get();
  if (!listener) return;
  for (auto& message : *messages) {
    // Responses have no place here: those of a dropped answer are asked for by its own call.
    if (message.shape != mcp::Shape::response) listener->on_message(std::move(message.text));
  }
}

}  // namespace vendor::detail
