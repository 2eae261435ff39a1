// A channel of the modern era over Streamable HTTP (2026-07-28 basic/transports/streamable-http): every request stands
// for itself, nothing is kept with the vendor.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "base/random.hpp"
#include "vendor/channel.hpp"
#include "vendor/detail/handshake.hpp"
#include "vendor/detail/http_peer.hpp"
#include "vendor/detail/modern_http_call.hpp"
#include "vendor/detail/protocol_memory.hpp"
#include "vendor/detail/pulse.hpp"
#include "vendor/detail/running_calls.hpp"
#include "vendor/detail/subscriber.hpp"

namespace vendor::detail {

// Thread-safe.
class ModernHttpChannel final : public Channel,
                                public SubscriptionPeer,
                                public std::enable_shared_from_this<ModernHttpChannel> {
 public:
  // `opening` is what server/discover gave. REQUIRES: the references outlive this.
  ModernHttpChannel(std::shared_ptr<const HttpPeer> peer, Opening opening, ProtocolMemory& memory, Pulse& pulse,
                    base::Random& random);
  ~ModernHttpChannel() override;

  [[nodiscard]] mcp::Era era() const override { return mcp::Era::modern; }
  [[nodiscard]] const std::string& opening_result() const override { return opening_.result; }
  [[nodiscard]] const std::string& protocol_version() const override { return opening_.protocol_version; }
  [[nodiscard]] bool stateful() const override { return false; }
  [[nodiscard]] bool closed() const override { return closed_; }
  [[nodiscard]] std::uint64_t next_id() override { return next_id_++; }
  base::Soon<std::unique_ptr<Call>> request(Outgoing outgoing, base::SteadyTime deadline) override;
  // A response is refused: vendors of this era ask nothing.
  base::Async<void> notify(Outgoing outgoing, base::SteadyTime deadline) override;
  // Closes the request's connection, which is the cancellation.
  base::Async<void> cancel(std::uint64_t id, std::string reason, base::SteadyTime deadline) override;
  void listen(std::weak_ptr<Listener> listener, Subscriptions subscriptions) override;
  base::Task<bool> hears(base::SteadyTime deadline) override { return subscriber_.hears(deadline); }
  void close() override;

  [[nodiscard]] std::uint64_t next_subscription_id() override { return next_id_++; }
  base::Async<std::unique_ptr<Call>> subscribe(Outgoing outgoing, base::SteadyTime deadline) override;

 private:
  base::Result<Attempt> begin();
  [[nodiscard]] base::Failure gone() const;
  // Forgets the vendor's era and tells the listener, once.
  [[nodiscard]] std::function<void()> when_misfit();
  void mark_gone();

  const std::shared_ptr<const HttpPeer> peer_;
  const Opening opening_;
  ProtocolMemory& memory_;
  Pulse& pulse_;
  std::atomic<std::uint64_t> next_id_ = kOpeningId + 1;
  std::atomic<bool> closed_ = false;
  const std::shared_ptr<RunningCalls> running_ = std::make_shared<RunningCalls>();
  Subscriber subscriber_;
};

}  // namespace vendor::detail
