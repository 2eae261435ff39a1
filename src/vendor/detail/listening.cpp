#include "vendor/detail/listening.hpp"

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>

#include "base/log.hpp"
#include "vendor/detail/http_failure.hpp"
#include "vendor/detail/pulse.hpp"
#include "vendor/detail/received.hpp"

namespace vendor::detail {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::seconds kHeadTimeout{30};
constexpr milliseconds kLongestPause{60'000};
constexpr int kMostDoublings = 6;

}  // namespace

Listening::Listening(base::Executor executor, std::shared_ptr<const HttpPeer> peer, HttpSession session,
                     std::shared_ptr<ListenerSlot> slot, base::Random& random)
    : executor_(executor),
      peer_(std::move(peer)),
      session_(std::move(session)),
      slot_(std::move(slot)),
      random_(random),
      stop_(executor, base::SteadyTime::max()) {}

base::Task<Listening::End> Listening::run(std::shared_ptr<Listening> self) {
  using namespace boost::asio::experimental::awaitable_operators;  // NOLINT(google-build-using-namespace)
  if (self->stopping_) co_return End::stopped;
  const auto first = co_await (self->loop() || self->stopped());
  co_return first.index() == 0 ? std::get<0>(first) : End::stopped;
}

void Listening::stop(const std::shared_ptr<Listening>& self) {
  boost::asio::post(self->executor_, [self] {
    self->stopping_ = true;
    self->stop_.cancel();
  });
}

base::Task<void> Listening::stopped() {
  boost::system::error_code ignored;
  co_await stop_.async_wait(boost::asio::redirect_error(base::use_task, ignored));
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
    if (source_) source_->resume(*std::move(response));
    if (!source_) source_.emplace(*std::move(response), peer_->config().message_bytes);
    co_await read();
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
    auto data = co_await source_->next(std::chrono::steady_clock::now() + peer_->config().quiet_stream);
    if (!data || !*data) break;
    deliver(**std::move(data));
  }
  // A vendor that ends every stream at once, with nothing in it, is asked less and less often.
  failures_ = source_->events() == before ? failures_ + 1 : 0;
}

base::Task<void> Listening::pause() {
  const auto base = source_ && source_->retry() ? *source_->retry() : peer_->config().retry;
  const auto doublings = std::min(std::max(failures_ - 1, 0), kMostDoublings);
  auto wait = std::clamp(base * (1 << doublings), milliseconds(100), kLongestPause);
  // Sessions that lost their streams together do not come back together.
  if (failures_ > 0)
    wait += milliseconds(static_cast<std::int64_t>(static_cast<double>(wait.count()) * 0.5 * random_.fraction()));
  base::Timer timer(executor_, std::chrono::steady_clock::now() + wait);
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
