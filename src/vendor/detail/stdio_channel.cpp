#include "vendor/detail/stdio_channel.hpp"

#include <fmt/format.h>

#include <array>
#include <limits>

#include "vendor/detail/routed_call.hpp"

namespace vendor::detail {
namespace {

std::string joined(std::span<const std::string_view> pieces) {
  std::size_t size = 1;
  for (const auto piece : pieces) size += piece.size();
  std::string text;
  text.reserve(size);
  for (const auto piece : pieces) text += piece;
  return text;
}

// A pipe says nothing of its other end: a subscription waits for as long as the process lives. And all that the many
// channels of a process hear comes on the one pipe: no number is too large.
constexpr SubscriptionConfig kSubscriptions{.retry = std::chrono::seconds(1), .quiet = std::chrono::hours(24 * 3'650)};
constexpr std::size_t kMostStreams = std::numeric_limits<std::size_t>::max();

}  // namespace

StdioChannel::StdioChannel(std::shared_ptr<StdioProcess> process, Opening opening, Tasks& tasks, Pulse& pulse,
                           base::Random& random)
    : process_(std::move(process)),
      opening_(std::move(opening)),
      pulse_(pulse),
      subscriber_(process_->vendor(), opening_.result, tasks, random, kSubscriptions, kMostStreams) {}

StdioChannel::~StdioChannel() { StdioChannel::close(); }

base::Soon<std::unique_ptr<Call>> StdioChannel::request(Outgoing outgoing, base::SteadyTime) {
  auto attempt = begin();
  if (!attempt) co_return attempt.failure();
  co_return call(outgoing, *attempt, Routes::Purpose::call);
}

base::Async<std::unique_ptr<Call>> StdioChannel::subscribe(Outgoing outgoing, base::SteadyTime) {
  if (closed()) co_return gone();
  co_return call(outgoing, Attempt(), Routes::Purpose::subscription);
}

std::unique_ptr<Call> StdioChannel::call(const Outgoing& outgoing, Attempt attempt, Routes::Purpose purpose) {
  auto mailbox = std::make_shared<Mailbox>(process_->config().message_bytes);
  process_->call(outgoing.id, joined(outgoing.pieces), mailbox, purpose);
  auto abandon = [process = process_, id = outgoing.id] { process->abandon(id); };
  return std::make_unique<RoutedCall>(process_->vendor(), std::move(mailbox), attempt, std::move(abandon));
}

base::Async<void> StdioChannel::notify(Outgoing outgoing, base::SteadyTime) {
  auto attempt = begin();
  if (!attempt) co_return attempt.failure();
  process_->send(joined(outgoing.pieces));
  co_return base::Result<void>();
}

base::Async<void> StdioChannel::cancel(std::uint64_t id, std::string reason, base::SteadyTime deadline) {
  const auto text = cancelled_notification(id, reason);
  const std::array<std::string_view, 1> pieces{text};
  auto sent =
      co_await notify({.pieces = pieces, .method = "notifications/cancelled", .name = {}, .traceparent = {}}, deadline);
  process_->cancel(id);
  co_return sent;
}

void StdioChannel::listen(std::weak_ptr<Listener> listener, Subscriptions subscriptions) {
  if (closed_) return;
  if (era() == mcp::Era::modern) subscriber_.listen(weak_from_this(), listener, subscriptions);
  using Hold = StdioProcess::Hold;
  process_->set_listener(this, std::move(listener), subscriptions.uris.empty() ? Hold::none : Hold::held);
}

base::Task<bool> StdioChannel::hears(base::SteadyTime deadline) {
  if (era() == mcp::Era::modern) co_return co_await subscriber_.hears(deadline);
  co_return !closed();
}

void StdioChannel::close() {
  if (closed_.exchange(true)) return;
  subscriber_.stop();
  process_->remove_listener(this);
  process_->leave();
}

base::Result<Attempt> StdioChannel::begin() {
  if (closed()) return gone();
  return pulse_.begin(process_->vendor());
}

base::Failure StdioChannel::gone() const {
  return base::fail(base::Kind::not_found, std::string(kSessionGone),
                    fmt::format("the process of vendor {} was ended", process_->vendor()));
}

}  // namespace vendor::detail
