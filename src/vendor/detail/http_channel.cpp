#include "vendor/detail/http_channel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/log.hpp"
#include "vendor/detail/http_call.hpp"
#include "vendor/detail/http_post.hpp"

namespace vendor::detail {
namespace {

constexpr std::size_t kLongestSessionId = 1'024;

// Visible ASCII (2025-11-25 basic/transports, "Session Management").
bool is_session_id(std::string_view id) {
  return id.size() <= kLongestSessionId && std::ranges::all_of(id, [](char c) { return c >= 0x21 && c <= 0x7e; });
}

// What a vendor sends before its answer to initialize concerns nobody yet.
base::Async<Message> response_of(Call& call, base::SteadyTime deadline) {
  while (true) {
    auto message = co_await call.next(deadline);
    if (!message) co_return message;
    const auto envelope = mcp::scan(*message);
    if (envelope && envelope->shape == mcp::Shape::response) co_return message;
  }
}

struct Opened {
  HttpSession session;
  std::string initialize_result;
};

base::Async<Opened> shake_hands(std::shared_ptr<const HttpPeer> peer, std::string initialize_params,
                                base::SteadyTime deadline) {
  const auto text = initialize_request(initialize_params);
  const std::array<std::string_view, 1> pieces{text};
  const Outgoing request{.pieces = pieces, .method = "initialize", .name = {}, .id = kOpeningId, .traceparent = {}};
  auto call = co_await HttpCall::send(peer, std::make_shared<const HttpSession>(), request, deadline, Attempt());
  if (!call) co_return std::move(call).failure();
  auto response = co_await response_of(**call, deadline);
  if (!response) co_return std::move(response).failure();
  auto initialized = read_initialized(peer->vendor(), *response);
  if (!initialized) co_return std::move(initialized).failure();
  const auto& session_id = static_cast<const HttpCall&>(**call).session_id();
  if (!is_session_id(session_id)) {
    co_return base::fail(base::Kind::vendor_invalid, "vendor.bad_session_id",
                         fmt::format("vendor {} gave a session id that is not one", peer->vendor()));
  }

  Opened opened{{session_id, initialized->protocol_version}, std::move(initialized->result)};
  const std::array<std::string_view, 1> notification{kInitializedNotification};
  const Outgoing note{.pieces = notification, .method = "notifications/initialized", .name = {}, .traceparent = {}};
  auto noted = co_await post_message(peer, opened.session, note, deadline);
  if (!noted) co_return std::move(noted).failure();
  co_return opened;
}

base::Task<void> say_goodbye(std::shared_ptr<const HttpPeer> peer, HttpSession session) {
  (void)co_await peer->remove(session, std::chrono::steady_clock::now() + peer->config().farewell);
}

}  // namespace

base::Async<std::shared_ptr<Channel>> HttpChannel::open(std::shared_ptr<const HttpPeer> peer,
                                                        std::string initialize_params, Pulse& pulse,
                                                        base::Random& random, base::SteadyTime deadline) {
  auto opened = co_await shake_hands(peer, std::move(initialize_params), deadline);
  if (!opened) co_return std::move(opened).failure();
  co_return std::make_shared<HttpChannel>(std::move(peer), std::move(opened->session),
                                          std::move(opened->initialize_result), pulse, random);
}

HttpChannel::HttpChannel(std::shared_ptr<const HttpPeer> peer, HttpSession session, std::string initialize_result,
                         Pulse& pulse, base::Random& random)
    : peer_(std::move(peer)),
      session_(std::make_shared<const HttpSession>(std::move(session))),
      initialize_result_(std::move(initialize_result)),
      pulse_(pulse),
      random_(random) {}

HttpChannel::~HttpChannel() { HttpChannel::close(); }

base::Soon<std::unique_ptr<Call>> HttpChannel::request(Outgoing outgoing, base::SteadyTime deadline) {
  auto attempt = begin();
  if (!attempt) return std::move(attempt).failure();
  if (auto call = HttpCall::try_send(peer_, session_, outgoing, *attempt)) {
    return RunningCalls::add(running(), outgoing.id, peer_->tasks().executor(base::IoThreads::current()),
                             std::move(call));
  }
  return request_and_wait(outgoing, deadline, *attempt);
}

base::Async<std::unique_ptr<Call>> HttpChannel::request_and_wait(Outgoing outgoing, base::SteadyTime deadline,
                                                                 Attempt attempt) {
  auto sending = HttpCall::send(peer_, session_, outgoing, deadline, attempt);
  co_return co_await RunningCalls::run(running(), outgoing.id, std::move(sending));
}

base::Async<void> HttpChannel::notify(Outgoing outgoing, base::SteadyTime deadline) {
  auto attempt = begin();
  if (!attempt) co_return attempt.failure();
  auto sent = co_await post_message(peer_, *session_, outgoing, deadline);
  if (sent) {
    attempt->succeeded();
  } else {
    attempt->failed(sent.error());
    if (sent.error().code == kSessionGone) mark_gone();
  }
  co_return sent;
}

base::Async<void> HttpChannel::cancel(std::uint64_t id, std::string reason, base::SteadyTime deadline) {
  const auto text = cancelled_notification(id, reason);
  const std::array<std::string_view, 1> pieces{text};
  auto sent =
      co_await notify({.pieces = pieces, .method = "notifications/cancelled", .name = {}, .traceparent = {}}, deadline);
  running_.cancel(id);
  co_return sent;
}

void HttpChannel::listen(std::weak_ptr<Listener> listener, Subscriptions) {
  slot_->set(std::move(listener));
  auto& tasks = peer_->tasks();
  const auto executor = tasks.executor(base::IoThreads::current());
  auto place = tasks.local().place(peer_->vendor(), peer_->config().streams_per_vendor);
  std::shared_ptr<Listening> listening;
  {
    const base::Lock lock(mutex_);
    if (listening_ || closed_) return;
    if (!place) return base::log::debug("vendor.too_many_streams", {{"vendor", peer_->vendor()}});
    listening_ = std::make_shared<Listening>(executor, peer_, *session_, slot_, random_);
    listening = listening_;
  }
  tasks.local().streams.spawn("vendor.listen",
                              listen_to_end(weak_from_this(), std::move(listening), *std::move(place)));
}

base::Task<bool> HttpChannel::hears(base::SteadyTime deadline) {
  std::shared_ptr<Listening> listening;
  {
    const base::Lock lock(mutex_);
    listening = listening_;
  }
  if (!listening) co_return false;
  co_return co_await Listening::hears(std::move(listening), deadline);
}

base::Task<void> HttpChannel::listen_to_end(std::weak_ptr<HttpChannel> channel, std::shared_ptr<Listening> listening,
                                            StreamPlace) {
  const auto end = co_await Listening::run(std::move(listening));
  if (end != Listening::End::gone) co_return;
  if (const auto alive = channel.lock()) alive->mark_gone();
}

void HttpChannel::close() {
  if (closed_.exchange(true)) return;
  stop_listening();
  if (stateful()) peer_->tasks().spawn_farewell("vendor.goodbye", say_goodbye(peer_, *session_));
}

base::Result<Attempt> HttpChannel::begin() {
  if (closed_) {
    return base::fail(base::Kind::not_found, std::string(kSessionGone),
                      fmt::format("the session with vendor {} has ended", peer_->vendor()));
  }
  return pulse_.begin(peer_->vendor());
}

void HttpChannel::mark_gone() {
  if (closed_.exchange(true)) return;
  stop_listening();
  if (const auto listener = slot_->get()) listener->on_closed();
}

void HttpChannel::stop_listening() {
  const base::Lock lock(mutex_);
  if (listening_) Listening::stop(listening_);
}

}  // namespace vendor::detail
