// A call whose messages come on a stream that it shares with others (stdio, HTTP+SSE), through a mailbox.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "vendor/channel.hpp"
#include "vendor/detail/mailbox.hpp"
#include "vendor/detail/pulse.hpp"

namespace vendor::detail {

// Thread: the caller's.
class RoutedCall final : public Call {
 public:
  // `abandon` is called when the call is dropped before its response.
  RoutedCall(std::string vendor, std::shared_ptr<Mailbox> mailbox, Attempt attempt, std::function<void()> abandon)
      : vendor_(std::move(vendor)), mailbox_(std::move(mailbox)), attempt_(attempt), abandon_(std::move(abandon)) {}
  ~RoutedCall() override {
    if (!over_) abandon_();
  }
  RoutedCall(const RoutedCall&) = delete;
  RoutedCall& operator=(const RoutedCall&) = delete;

  base::Soon<Message> next(base::SteadyTime deadline) override {
    if (over_) co_return base::fail(base::Kind::bug, "vendor.call_over", "the call has ended");
    auto received = co_await mailbox_->next(deadline);
    if (!received) {
      auto error = std::move(received).error();
      if (error.kind == base::Kind::vendor_timeout) error = std::move(error).at("vendor " + vendor_);
      attempt_.failed(error);
      co_return base::Failure(std::move(error));
    }
    attempt_.succeeded();
    over_ = received->shape == mcp::Shape::response;
    co_return std::move(received->text);
  }

 private:
  const std::string vendor_;
  const std::shared_ptr<Mailbox> mailbox_;
  Attempt attempt_;
  const std::function<void()> abandon_;
  bool over_ = false;
};

}  // namespace vendor::detail
