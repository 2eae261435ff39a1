#include "vendor/detail/sse_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>

#include "base/log.hpp"
#include "base/on_thread.hpp"
#include "base/spawn.hpp"
#include "vendor/detail/http_failure.hpp"
#include "vendor/detail/http_post.hpp"
#include "vendor/detail/pulse.hpp"
#include "vendor/detail/sse_endpoint.hpp"

namespace vendor::detail {
namespace {

namespace asio = boost::asio;

base::Failure no_sse(const HttpPeer& peer) {
  return base::fail(base::Kind::vendor_invalid, std::string(kNoSse),
                    fmt::format("vendor {} does not speak MCP over HTTP+SSE at its URL", peer.vendor()));
}

// The answer to a GET of the stream. What is there instead of one says that this is no such server, unless it speaks of
// the credential or of the server's health.
base::Async<http::ClientResponse> get_stream(std::shared_ptr<const HttpPeer> peer, base::SteadyTime deadline) {
  auto response = co_await peer->get({}, {}, deadline);
  if (!response) co_return std::move(response).failure();
  const auto type = media_type(response->headers().get("Content-Type"));
  if (response->status() == 200 && type == "text/event-stream") co_return *std::move(response);
  if (response->status() < 300) co_return no_sse(*peer);
  auto failure = co_await peer->failure(*std::move(response), {}, deadline);
  if (failure.error.code == kHttpRefused) co_return no_sse(*peer);
  co_return base::Failure(std::move(failure.error));
}

base::Task<void> post_reply(std::shared_ptr<const HttpPeer> peer, HttpSession address, std::string text) {
  const std::array<std::string_view, 1> pieces{text};
  const Outgoing outgoing{.pieces = pieces, .method = {}, .name = {}, .traceparent = {}};
  (void)co_await post_message(peer, address, outgoing, std::chrono::steady_clock::now() + peer->config().farewell);
}

}  // namespace

base::Async<std::shared_ptr<SseSession>> SseSession::connect(std::shared_ptr<const HttpPeer> peer,
                                                             base::SteadyTime deadline) {
  auto response = co_await get_stream(peer, deadline);
  if (!response) co_return std::move(response).failure();
  SseSource source(*std::move(response), peer->config().message_bytes);
  // It is the first thing such a server says; the stream of another one may be silent for hours.
  const auto soon = std::min(deadline, std::chrono::steady_clock::now() + peer->config().probe_timeout);
  auto event = co_await source.next_event(soon);
  if (!event && event.error().kind == base::Kind::vendor_timeout) co_return no_sse(*peer);
  if (!event) co_return base::Failure(of_vendor(peer->vendor(), std::move(event).error()));
  if (!*event || (*event)->type != "endpoint") co_return no_sse(*peer);
  auto endpoint = resolve_endpoint(peer->vendor(), peer->definition().http->url, (*event)->data);
  if (!endpoint) co_return std::move(endpoint).failure();
  const base::Executor home = co_await asio::this_coro::executor;
  co_return std::make_shared<SseSession>(home, std::move(peer), std::move(source), *std::move(endpoint));
}

SseSession::SseSession(base::Executor home, std::shared_ptr<const HttpPeer> peer, SseSource source, http::Url endpoint)
    : home_(home),
      peer_(std::move(peer)),
      address_{.id = {}, .protocol_version = {}, .endpoint = std::move(endpoint)},
      stop_(std::make_shared<StopSignal>(home)),
      source_(std::move(source)) {}

base::Task<void> SseSession::live(std::shared_ptr<SseSession> self) {
  if (!self->stop_->requested()) co_await (self->read() || self->stop_->wait());
  self->end();
}

void SseSession::stop() {
  left_ = true;
  StopSignal::request(stop_);
}

void SseSession::lose() {
  ended_ = true;
  StopSignal::request(stop_);
}

base::Task<void> SseSession::read() {
  while (true) {
    auto data = co_await source_.next_before_silence(peer_->config().quiet_stream);
    if (!data || !*data) co_return;
    take(**std::move(data));
  }
}

void SseSession::take(std::string text) {
  auto messages = read_received(peer_->vendor(), std::move(text));
  if (!messages) {
    base::log::debug("vendor.bad_message", {{"vendor", peer_->vendor()}, {"error", messages.error().message}});
    return;
  }
  Routes::Listeners listeners;
  if (auto listener = slot_.get()) listeners.push_back(std::move(listener));
  for (auto& message : *messages) {
    if (auto answer = routes_.route(std::move(message), listeners)) reply(*std::move(answer));
  }
}

void SseSession::reply(std::string text) {
  peer_->tasks().spawn_farewell("vendor.reply", post_reply(peer_, address_, std::move(text)));
}

// The vendor has seen what was asked: whether it may be asked again is for whoever asked.
void SseSession::end() {
  ended_ = true;
  source_.close();
  routes_.fail_all(base::fail(base::Kind::vendor_down, "vendor.lost_answer",
                              fmt::format("vendor {} ended its stream; its answer is lost", peer_->vendor()))
                       .error());
  if (left_) return;
  if (const auto listener = slot_.get()) listener->on_closed();
}

// Awaited, not only posted: the home thread may be in the middle of reading the stream, and would read an answer that
// comes meanwhile before it gets to anything posted.
base::Task<void> SseSession::expect(std::shared_ptr<SseSession> self, std::uint64_t id,
                                    std::shared_ptr<Mailbox> mailbox) {
  const base::Executor here = co_await asio::this_coro::executor;
  const auto home = self->home_;
  auto expecting = expect_at_home(std::move(self), id, std::move(mailbox));
  if (here == home) {
    co_await std::move(expecting);
  } else {
    co_await base::on_thread(home, std::move(expecting));
  }
}

base::Task<void> SseSession::expect_at_home(std::shared_ptr<SseSession> self, std::uint64_t id,
                                            std::shared_ptr<Mailbox> mailbox) {
  if (!self->ended_) {
    self->routes_.add(id, std::move(mailbox));
    co_return;
  }
  mailbox->fail(base::fail(base::Kind::not_found, std::string(kSessionGone),
                           fmt::format("the session with vendor {} has ended", self->peer_->vendor()))
                    .error());
}

void SseSession::forget(std::uint64_t id) {
  asio::post(home_, [self = shared_from_this(), id] { (void)self->routes_.remove(id); });
}

void SseSession::cancel(std::uint64_t id) {
  asio::post(home_, [self = shared_from_this(), id] { (void)self->routes_.cancel(id); });
}

}  // namespace vendor::detail
