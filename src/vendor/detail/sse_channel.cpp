#include "vendor/detail/sse_channel.hpp"

#include <fmt/format.h>

#include <array>

#include "vendor/detail/http_post.hpp"
#include "vendor/detail/routed_call.hpp"

namespace vendor::detail {
namespace {

base::Task<void> run_session(std::shared_ptr<SseSession> session, StreamPlace) {
  co_await SseSession::live(std::move(session));
}

// Ends the stream unless it was handed on.
class Opened {
 public:
  explicit Opened(std::shared_ptr<SseSession> session) : session_(std::move(session)) {}
  Opened(Opened&&) noexcept = default;
  Opened& operator=(Opened&&) = delete;
  ~Opened() {
    if (session_) session_->stop();
  }
  [[nodiscard]] const std::shared_ptr<SseSession>& get() const { return session_; }
  [[nodiscard]] std::shared_ptr<SseSession> hand_on() { return std::move(session_); }

 private:
  std::shared_ptr<SseSession> session_;
};

base::Async<Opening> initialize(std::shared_ptr<const HttpPeer> peer, std::shared_ptr<SseSession> session,
                                std::string initialize_params, base::SteadyTime deadline) {
  auto mailbox = std::make_shared<Mailbox>(peer->config().message_bytes);
  co_await SseSession::expect(session, kOpeningId, mailbox);
  const auto text = initialize_request(initialize_params);
  const std::array<std::string_view, 1> pieces{text};
  auto sent = co_await post_message(
      peer, session->address(), {.pieces = pieces, .method = "initialize", .name = {}, .traceparent = {}}, deadline);
  if (!sent) co_return std::move(sent).failure();
  RoutedCall call(peer->vendor(), mailbox, Attempt(), [] {});
  auto answer = co_await call.next(deadline);
  if (!answer) co_return std::move(answer).failure();
  auto opening = read_initialized(peer->vendor(), *answer);
  if (!opening) co_return opening;

  const std::array<std::string_view, 1> notification{kInitializedNotification};
  const Outgoing note{.pieces = notification, .method = "notifications/initialized", .name = {}, .traceparent = {}};
  auto noted = co_await post_message(peer, session->address(), note, deadline);
  if (!noted) co_return std::move(noted).failure();
  co_return opening;
}

}  // namespace

base::Async<std::shared_ptr<Channel>> SseChannel::open(std::shared_ptr<const HttpPeer> peer,
                                                       std::string initialize_params, Pulse& pulse,
                                                       base::SteadyTime deadline) {
  auto& local = peer->tasks().local();
  auto place = local.place(peer->vendor(), peer->config().streams_per_vendor);
  if (!place) {
    co_return base::fail(base::Kind::unavailable, "vendor.too_many_streams",
                         fmt::format("The gateway already keeps {} streams open to vendor {}, which is its limit.",
                                     peer->config().streams_per_vendor, peer->vendor()));
  }
  auto connected = co_await SseSession::connect(peer, deadline);
  if (!connected) co_return std::move(connected).failure();
  Opened session(*connected);
  local.streams.spawn("vendor.sse", run_session(*std::move(connected), *std::move(place)));

  auto opening = co_await initialize(peer, session.get(), std::move(initialize_params), deadline);
  if (!opening) co_return std::move(opening).failure();
  co_return std::make_shared<SseChannel>(std::move(peer), session.hand_on(), *std::move(opening), pulse);
}

SseChannel::SseChannel(std::shared_ptr<const HttpPeer> peer, std::shared_ptr<SseSession> session, Opening opening,
                       Pulse& pulse)
    : peer_(std::move(peer)), session_(std::move(session)), opening_(std::move(opening)), pulse_(pulse) {}

SseChannel::~SseChannel() { SseChannel::close(); }

base::Soon<std::unique_ptr<Call>> SseChannel::request(Outgoing outgoing, base::SteadyTime deadline) {
  auto attempt = begin();
  if (!attempt) co_return attempt.failure();
  auto mailbox = std::make_shared<Mailbox>(peer_->config().message_bytes);
  co_await SseSession::expect(session_, outgoing.id, mailbox);
  auto call = std::make_unique<RoutedCall>(peer_->vendor(), std::move(mailbox), *attempt,
                                           [session = session_, id = outgoing.id] { session->forget(id); });
  auto sent = co_await post(outgoing, *attempt, deadline);
  if (!sent) co_return std::move(sent).failure();
  co_return call;
}

base::Async<void> SseChannel::notify(Outgoing outgoing, base::SteadyTime deadline) {
  auto attempt = begin();
  if (!attempt) co_return attempt.failure();
  co_return co_await post(outgoing, *attempt, deadline);
}

base::Async<void> SseChannel::cancel(std::uint64_t id, std::string reason, base::SteadyTime deadline) {
  const auto text = cancelled_notification(id, reason);
  const std::array<std::string_view, 1> pieces{text};
  auto sent =
      co_await notify({.pieces = pieces, .method = "notifications/cancelled", .name = {}, .traceparent = {}}, deadline);
  session_->cancel(id);
  co_return sent;
}

void SseChannel::listen(std::weak_ptr<Listener> listener, Subscriptions) {
  session_->set_listener(std::move(listener));
}

void SseChannel::close() {
  if (!closed_.exchange(true)) session_->stop();
}

base::Result<Attempt> SseChannel::begin() {
  if (closed()) {
    return base::fail(base::Kind::not_found, std::string(kSessionGone),
                      fmt::format("the session with vendor {} has ended", peer_->vendor()));
  }
  return pulse_.begin(peer_->vendor());
}

base::Async<void> SseChannel::post(Outgoing outgoing, Attempt attempt, base::SteadyTime deadline) {
  auto sent = co_await post_message(peer_, session_->address(), outgoing, deadline);
  if (sent) co_return sent;
  attempt.failed(sent.error());
  if (sent.error().code == kSessionGone) session_->lose();
  co_return sent;
}

}  // namespace vendor::detail
