#include "gateway/responder.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/coarse_time.hpp"
#include "base/log.hpp"
#include "base/spawn.hpp"
#include "gateway/detail/stream_reader.hpp"
#include "http/sse.hpp"
#include "mcp/error.hpp"

namespace gateway {
namespace {

namespace asio = boost::asio;

}  // namespace

base::Async<void> Reply::finish_in_parts(ResponseParts& parts) {
  std::string held;
  while (true) {
    const auto pieces = co_await parts.next();
    if (!pieces) co_return pieces.failure();
    if (pieces->empty()) break;
    for (const auto piece : *pieces) held += piece;
  }
  const std::array<std::string_view, 1> whole{held};
  co_await finish(whole, 200);
  co_return base::Result<void>();
}

Responder::Responder(http::Exchange& exchange, std::shared_ptr<Session> session, std::string request_id,
                     ResponderClock& clock)
    : exchange_(exchange),
      session_(std::move(session)),
      request_id_(std::move(request_id)),
      clock_(clock),
      accepts_stream_(exchange.request().headers.get("Accept").contains("text/event-stream")),
      last_write_(base::coarse_now()) {
  clock.waiting_.push_back(*this);
}

base::Task<void> Responder::interim(std::string message) {
  if (!accepts_stream_ || !co_await acquire()) co_return;
  if (!streaming_) co_await start_stream();
  if (stream_) {
    stream_->append(std::move(message));
    auto taken = stream_->take(reader_);
    if (taken.phase == EventStream::Phase::replaced) lost_ = true;
    co_await send(taken.text);
  } else {
    co_await send(http::sse_event({}, message));
  }
  release();
}

base::Task<bool> Responder::pause(std::chrono::milliseconds retry) {
  if (!accepts_stream_ || !session_ || !knows_priming(*session_) || !co_await acquire()) co_return false;
  if (!streaming_) co_await start_stream();
  if (!lost_) {
    co_await send(retry_field(std::min(retry, clock_.config().retry)));
    stream_->detach(reader_);
    (void)co_await exchange_.finish();
    lost_ = true;
  }
  release();
  co_return true;
}

base::Task<void> Responder::finish(std::span<const std::string_view> pieces, int status) {
  if (!try_acquire() && !co_await acquire()) co_return;
  finished_ = true;
  if (streaming_) {
    co_await send(last_event(pieces));
    if (!lost_) (void)co_await exchange_.finish();
  } else if (opens_ && accepts_stream_ && status == 200) {
    // The response came before the stream had begun: the whole of it at once.
    const auto opening = begin_events();
    const auto event = last_event(pieces);
    const std::array<std::string_view, 2> whole{opening, event};
    note(co_await exchange_.respond(stream_head(), whole));
  } else {
    static const auto ok = http::Response::json(200, {});
    note(co_await (status == 200 ? exchange_.respond(ok, pieces)
                                 : exchange_.respond(http::Response::json(status, {}), pieces)));
  }
  release();
}

base::Async<void> Responder::finish_in_parts(ResponseParts& parts) {
  if (!try_acquire() && !co_await acquire()) co_return base::Result<void>();
  if (streaming_) {
    // A stream keeps its events for a client that comes back for them.
    release();
    co_return co_await Reply::finish_in_parts(parts);
  }
  finished_ = true;
  auto sent = co_await send_parts(parts);
  release();
  co_return sent;
}

base::Async<void> Responder::send_parts(ResponseParts& parts) {
  auto sent = co_await exchange_.start(http::Response::json(200, {}));
  while (sent) {
    const auto pieces = co_await parts.next();
    if (!pieces) {
      // Without its end the answer is cut, and no client takes it for a whole one. It cannot be told why any more.
      base::log::warn("answer.cut", {{"request", exchange_.request().request_id}, {"error", pieces.error().message}});
      co_return pieces.failure();
    }
    if (pieces->empty()) break;
    sent = co_await exchange_.write(*pieces);
  }
  if (sent) sent = co_await exchange_.finish();
  note(sent);
  co_return base::Result<void>();
}

void Responder::note(const base::Result<void>& sent) const {
  if (!sent) base::log::debug("client.gone", {{"request", exchange_.request().request_id}});
}

// Nothing when another connection has taken the stream over.
std::string Responder::last_event(std::span<const std::string_view> pieces) {
  std::string message;
  for (const auto piece : pieces) message += piece;
  if (!stream_) return http::sse_event({}, message);
  stream_->append(std::move(message));
  stream_->end();
  auto taken = stream_->take(reader_);
  if (taken.phase == EventStream::Phase::replaced) return {};
  stream_->detach(reader_);
  return std::move(taken.text);
}

base::Task<void> Responder::start_stream() {
  streaming_ = true;
  auto started = co_await exchange_.start(stream_head());
  if (!started) lost_ = true;
  co_await send(begin_events());
}

// What a stream begins with.
std::string Responder::begin_events() {
  if (!session_) return std::string(clock_.retry_field());
  stream_ = session_->open_stream(request_id_);
  reader_ = stream_->attach([] {}, std::nullopt);
  return opening_events(clock_.retry_field(), *session_, *stream_);
}

base::Task<void> Responder::send(std::string_view text) {
  last_write_ = std::chrono::steady_clock::now();
  if (lost_ || text.empty()) co_return;
  const std::array<std::string_view, 1> pieces{text};
  auto sent = co_await exchange_.write(pieces);
  // The vendor's answer is still wanted: the client may come back for it.
  if (!sent) lost_ = true;
}

base::Task<void> Responder::keep_alive() {
  if (busy_ || !co_await acquire()) co_return;
  if (!streaming_) {
    co_await start_stream();
  } else {
    co_await send(http::kSsePing);
  }
  release();
}

void Responder::look_after_client() {
  if (!when_gone_ || finished_ || !exchange_.peer_gone()) return;
  std::exchange(when_gone_, nullptr)();
}

base::Task<void> Responder::give_up(base::Error error) {
  const auto text = mcp::error_response(request_id_, error);
  const std::array<std::string_view, 1> pieces{text};
  co_await finish(pieces, 200);
}

base::Task<bool> Responder::acquire() {
  while (busy_) {
    boost::system::error_code woken;
    if (!idle_) idle_.emplace(clock_.executor(), base::SteadyTime::max());
    co_await idle_->async_wait(base::error_into(woken));
  }
  busy_ = !finished_;
  co_return busy_;
}

void Responder::release() {
  busy_ = false;
  if (idle_) idle_->cancel();
}

ResponderClock::ResponderClock(base::Executor executor, base::TaskGroup& tasks, Config config)
    : executor_(executor),
      tasks_(tasks),
      config_(std::move(config)),
      retry_field_(gateway::retry_field(config_.retry)) {}

void ResponderClock::start() { tasks_.spawn("responder-clock", sweep()); }

namespace {

base::Task<void> keep_alive_shared(std::shared_ptr<Responder> responder, base::Task<void> (Responder::*keep_alive)()) {
  co_await ((*responder).*keep_alive)();
}

base::Task<void> give_up_shared(std::shared_ptr<Responder> responder,
                                base::Task<void> (Responder::*give_up)(base::Error), base::Error error) {
  co_await ((*responder).*give_up)(std::move(error));
}

base::Task<void> wait_until(base::SteadyTime time) {
  base::Timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(base::use_task);
}

}  // namespace

base::Task<void> ResponderClock::sweep() {
  base::Timer timer(executor_);
  while ((co_await asio::this_coro::cancellation_state).cancelled() == asio::cancellation_type::none) {
    timer.expires_after(std::chrono::seconds(1));
    boost::system::error_code ended;
    co_await timer.async_wait(base::error_into(ended));
    if (ended) co_return;
    const auto now = std::chrono::steady_clock::now();
    for (auto& responder : waiting_) {
      responder.look_after_client();
      const auto patience = responder.streaming_ ? config_.ping_interval
                            : responder.opens_   ? std::chrono::milliseconds(0)
                                                 : config_.early_start;
      if (responder.busy_ || responder.finished_ || !responder.accepts_stream_) continue;
      if (now - responder.last_write_ < patience) continue;
      tasks_.spawn("keep-alive", keep_alive_shared(responder.shared_from_this(), &Responder::keep_alive));
    }
  }
}

base::Task<void> ResponderClock::give_up_calls(base::Error error, base::SteadyTime until) {
  base::TaskGroup telling(executor_);
  for (auto& responder : waiting_) {
    telling.spawn("give-up-call", give_up_shared(responder.shared_from_this(), &Responder::give_up, error));
  }
  co_await (telling.join() || wait_until(until));
  co_await telling.close();
}

}  // namespace gateway
