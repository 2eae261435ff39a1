#include "vendor/detail/modern_http_channel.hpp"

#include <fmt/format.h>

#include "vendor/detail/http_post.hpp"

namespace vendor::detail {

using Answer = ModernHttpCall::Answer;

ModernHttpChannel::ModernHttpChannel(std::shared_ptr<const HttpPeer> peer, Opening opening, ProtocolMemory& memory,
                                     Pulse& pulse, base::Random& random)
    : peer_(std::move(peer)),
      opening_(std::move(opening)),
      memory_(memory),
      pulse_(pulse),
      subscriber_(peer_->vendor(), opening_.result, peer_->tasks(), random,
                  {.retry = peer_->config().retry, .quiet = peer_->config().quiet_stream},
                  peer_->config().streams_per_vendor) {}

ModernHttpChannel::~ModernHttpChannel() { ModernHttpChannel::close(); }

base::Soon<std::unique_ptr<Call>> ModernHttpChannel::request(Outgoing outgoing, base::SteadyTime deadline) {
  auto attempt = begin();
  if (!attempt) co_return attempt.failure();
  auto sending = ModernHttpCall::send(peer_, outgoing, deadline, *attempt, Answer::ends, when_misfit());
  co_return co_await RunningCalls::run(running_, outgoing.id, std::move(sending));
}

base::Async<std::unique_ptr<Call>> ModernHttpChannel::subscribe(Outgoing outgoing, base::SteadyTime deadline) {
  if (closed_) co_return gone();
  co_return co_await ModernHttpCall::send(peer_, outgoing, deadline, Attempt(), Answer::endless, when_misfit());
}

base::Async<void> ModernHttpChannel::notify(Outgoing outgoing, base::SteadyTime deadline) {
  if (outgoing.method.empty()) {
    co_return base::fail(base::Kind::invalid, "vendor.asked_nothing",
                         fmt::format("vendor {} asks nothing that could be answered", peer_->vendor()));
  }
  auto attempt = begin();
  if (!attempt) co_return attempt.failure();
  const HttpSession session{.id = {}, .protocol_version = opening_.protocol_version};
  auto sent = co_await post_message(peer_, session, outgoing, deadline);
  if (sent) attempt->succeeded();
  if (!sent) attempt->failed(sent.error());
  co_return sent;
}

base::Async<void> ModernHttpChannel::cancel(std::uint64_t id, std::string, base::SteadyTime) {
  running_->cancel(id);
  co_return base::Result<void>();
}

void ModernHttpChannel::listen(std::weak_ptr<Listener> listener, Subscriptions subscriptions) {
  subscriber_.listen(weak_from_this(), std::move(listener), subscriptions);
}

void ModernHttpChannel::close() {
  if (!closed_.exchange(true)) subscriber_.stop();
}

base::Result<Attempt> ModernHttpChannel::begin() {
  if (closed_) return gone();
  return pulse_.begin(peer_->vendor());
}

base::Failure ModernHttpChannel::gone() const {
  return base::fail(base::Kind::not_found, std::string(kSessionGone),
                    fmt::format("the channel to vendor {} was closed", peer_->vendor()));
}

std::function<void()> ModernHttpChannel::when_misfit() {
  return [self = weak_from_this()] {
    if (const auto alive = self.lock()) alive->mark_gone();
  };
}

void ModernHttpChannel::mark_gone() {
  memory_.forget(peer_->definition());
  if (closed_.exchange(true)) return;
  subscriber_.stop();
  if (const auto listener = subscriber_.listener()) listener->on_closed();
}

}  // namespace vendor::detail
