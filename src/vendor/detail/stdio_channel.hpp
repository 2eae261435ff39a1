// A channel to a vendor process of either era, which it may share with other channels.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "base/random.hpp"
#include "vendor/channel.hpp"
#include "vendor/detail/handshake.hpp"
#include "vendor/detail/pulse.hpp"
#include "vendor/detail/stdio_process.hpp"
#include "vendor/detail/subscriber.hpp"

namespace vendor::detail {

// Thread-safe.
class StdioChannel final : public Channel, public SubscriptionPeer, public std::enable_shared_from_this<StdioChannel> {
 public:
  // Takes over one use of the process, which enter() counted. REQUIRES: the references outlive this.
  StdioChannel(std::shared_ptr<StdioProcess> process, Opening opening, Tasks& tasks, Pulse& pulse,
               base::Random& random);
  ~StdioChannel() override;

  [[nodiscard]] mcp::Era era() const override { return opening_.era; }
  [[nodiscard]] const std::string& opening_result() const override { return opening_.result; }
  [[nodiscard]] const std::string& protocol_version() const override { return opening_.protocol_version; }
  [[nodiscard]] bool stateful() const override { return era() == mcp::Era::legacy; }
  [[nodiscard]] bool closed() const override { return closed_ || process_->ended(); }
  [[nodiscard]] std::uint64_t next_id() override { return process_->next_id(); }
  base::Soon<std::unique_ptr<Call>> request(Outgoing outgoing, base::SteadyTime deadline) override;
  base::Async<void> notify(Outgoing outgoing, base::SteadyTime deadline) override;
  base::Async<void> cancel(std::uint64_t id, std::string reason, base::SteadyTime deadline) override;
  void listen(std::weak_ptr<Listener> listener, Subscriptions subscriptions) override;
  base::Task<bool> hears(base::SteadyTime deadline) override;
  void close() override;

  [[nodiscard]] std::uint64_t next_subscription_id() override { return process_->next_id(); }
  base::Async<std::unique_ptr<Call>> subscribe(Outgoing outgoing, base::SteadyTime deadline) override;

 private:
  [[nodiscard]] std::unique_ptr<Call> call(const Outgoing& outgoing, Attempt attempt, Routes::Purpose purpose);
  [[nodiscard]] base::Failure gone() const;
  base::Result<Attempt> begin();

  const std::shared_ptr<StdioProcess> process_;
  const Opening opening_;
  Pulse& pulse_;
  Subscriber subscriber_;
  std::atomic<bool> closed_ = false;
};

}  // namespace vendor::detail
