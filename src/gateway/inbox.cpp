#include "gateway/inbox.hpp"

#include "base/spawn.hpp"
#include "mcp/envelope.hpp"

namespace gateway {

void Inbox::put(vendor::Message message, Urgency urgency) {
  {
    const base::Lock lock(mutex_);
    if (closed_ || (urgency == Urgency::may_be_dropped && messages_.size() >= kMostUnread)) return;
    messages_.push_back(std::move(message));
  }
  come_.notify_all();
}

void Inbox::fail(base::Error error) {
  {
    const base::Lock lock(mutex_);
    if (!error_) error_ = std::move(error);
  }
  come_.notify_all();
}

base::Async<vendor::Message> Inbox::next(base::SteadyTime deadline) {
  while (true) {
    auto ticket = come_.prepare();
    if (auto taken = take()) co_return *std::move(taken);
    if (!co_await ticket.wait(deadline)) {
      co_return base::fail(base::Kind::vendor_timeout, "vendor.timeout", "did not answer in time");
    }
  }
}

void Inbox::close() {
  {
    const base::Lock lock(mutex_);
    closed_ = true;
    messages_.clear();
  }
  left_.notify_all();
}

base::Task<void> Inbox::until_closed() {
  while (true) {
    auto ticket = left_.prepare();
    if (closed()) co_return;
    if (!co_await ticket.wait(base::SteadyTime::max())) co_return;
  }
}

std::optional<base::Result<vendor::Message>> Inbox::take() {
  const base::Lock lock(mutex_);
  if (!messages_.empty()) {
    auto message = std::move(messages_.front());
    messages_.pop_front();
    return message;
  }
  if (error_) return base::Failure(*error_);
  return std::nullopt;
}

bool Inbox::closed() const {
  const base::Lock lock(mutex_);
  return closed_;
}

base::Task<void> follow(std::shared_ptr<Inbox> inbox, std::unique_ptr<vendor::Call> call, base::SteadyTime deadline) {
  while (true) {
    auto next = co_await (base::as_task(call->next(deadline)) || inbox->until_closed());
    if (next.index() == 1) {
      inbox->fail({base::Kind::unavailable, "gateway.call_dropped", "The call was given up.", {}, {}});
      co_return;
    }
    auto message = std::get<0>(std::move(next));
    if (!message) {
      inbox->fail(std::move(message).error());
      co_return;
    }
    message->reserve(message->size() + mcp::kPadding);
    const auto envelope = mcp::scan(*message);
    if (!envelope) {
      inbox->fail({base::Kind::vendor_invalid, "vendor.bad_message", envelope.error().message, {}, {}});
      co_return;
    }
    const bool is_last = envelope->shape == mcp::Shape::response;
    const auto urgency =
        envelope->shape == mcp::Shape::notification ? Inbox::Urgency::may_be_dropped : Inbox::Urgency::must_arrive;
    inbox->put(*std::move(message), urgency);
    if (is_last) co_return;
  }
}

}  // namespace gateway
