#include "vendor/detail/stdio_channel.hpp"

#include <fmt/format.h>

#include <array>

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

class StdioCall final : public Call {
 public:
  StdioCall(std::shared_ptr<StdioProcess> process, std::uint64_t id, std::shared_ptr<Mailbox> mailbox, Attempt attempt)
      : process_(std::move(process)), id_(id), mailbox_(std::move(mailbox)), attempt_(std::move(attempt)) {}
  ~StdioCall() override {
    if (!over_) process_->forget(id_);
  }
  StdioCall(const StdioCall&) = delete;
  StdioCall& operator=(const StdioCall&) = delete;

  base::Async<Message> next(base::SteadyTime deadline) override {
    if (over_) co_return base::fail(base::Kind::bug, "vendor.call_over", "the call has ended");
    auto received = co_await mailbox_->next(deadline);
    if (!received) {
      auto error = std::move(received).error();
      if (error.kind == base::Kind::vendor_timeout) error = std::move(error).at("vendor " + process_->vendor());
      attempt_.failed(error);
      co_return std::unexpected(std::move(error));
    }
    attempt_.succeeded();
    over_ = received->shape == mcp::Shape::response;
    co_return std::move(received->text);
  }

 private:
  const std::shared_ptr<StdioProcess> process_;
  const std::uint64_t id_;
  const std::shared_ptr<Mailbox> mailbox_;
  Attempt attempt_;
  bool over_ = false;
};

}  // namespace

StdioChannel::StdioChannel(std::shared_ptr<StdioProcess> process, Initialized initialized, Pulse& pulse)
    : process_(std::move(process)), initialized_(std::move(initialized)), pulse_(pulse) {}

StdioChannel::~StdioChannel() { StdioChannel::close(); }

base::Async<std::unique_ptr<Call>> StdioChannel::request(Outgoing outgoing, base::SteadyTime) {
  auto attempt = begin();
  if (!attempt) co_return std::unexpected(std::move(attempt).error());
  auto mailbox = std::make_shared<Mailbox>(process_->config().message_bytes);
  process_->call(outgoing.id, joined(outgoing.pieces), mailbox);
  co_return std::make_unique<StdioCall>(process_, outgoing.id, std::move(mailbox), *std::move(attempt));
}

base::Async<void> StdioChannel::notify(Outgoing outgoing, base::SteadyTime) {
  auto attempt = begin();
  if (!attempt) co_return std::unexpected(std::move(attempt).error());
  process_->send(joined(outgoing.pieces));
  co_return base::Result<void>();
}

base::Async<void> StdioChannel::cancel(std::uint64_t id, std::string reason, base::SteadyTime deadline) {
  const auto text = cancelled_notification(id, reason);
  const std::array<std::string_view, 1> pieces{text};
  co_return co_await notify({.pieces = pieces, .method = "notifications/cancelled", .name = {}, .traceparent = {}},
                            deadline);
}

void StdioChannel::listen(std::weak_ptr<Listener> listener, Subscriptions) {
  if (!closed_) process_->set_listener(this, std::move(listener));
}

void StdioChannel::close() {
  if (closed_.exchange(true)) return;
  process_->remove_listener(this);
  process_->leave();
}

base::Result<Attempt> StdioChannel::begin() {
  if (closed()) {
    return base::fail(base::Kind::not_found, std::string(kSessionGone),
                      fmt::format("the process of vendor {} was ended", process_->vendor()));
  }
  return pulse_.begin(process_->vendor());
}

}  // namespace vendor::detail
