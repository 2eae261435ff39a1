#include "vendor/detail/mailbox.hpp"

namespace vendor::detail {

void Mailbox::put(Received message) {
  {
    const base::Lock lock(mutex_);
    const bool may_be_lost = message.shape == mcp::Shape::notification;
    if (may_be_lost && bytes_ + message.text.size() > limit_) return;
    bytes_ += message.text.size();
    messages_.push_back(std::move(message));
  }
  changed_.notify_all();
}

void Mailbox::fail(base::Error error) {
  {
    const base::Lock lock(mutex_);
    if (!error_) error_ = std::move(error);
  }
  changed_.notify_all();
}

base::Async<Received> Mailbox::next(base::SteadyTime deadline) {
  while (true) {
    auto ticket = changed_.prepare();
    if (auto taken = take()) co_return *std::move(taken);
    if (co_await ticket.wait(deadline)) continue;
    const auto state = co_await boost::asio::this_coro::cancellation_state;
    if (state.cancelled() != boost::asio::cancellation_type::none) {
      co_return base::fail(base::Kind::cancelled, "cancelled", "the caller gave up");
    }
    co_return base::fail(base::Kind::vendor_timeout, "vendor.timeout", "did not answer in time");
  }
}

std::optional<base::Result<Received>> Mailbox::take() {
  const base::Lock lock(mutex_);
  if (!messages_.empty()) {
    base::Result<Received> message(std::move(messages_.front()));
    messages_.pop_front();
    bytes_ -= message->text.size();
    return message;
  }
  if (error_) return base::Result<Received>(base::Failure(*error_));
  return std::nullopt;
}

}  // namespace vendor::detail
