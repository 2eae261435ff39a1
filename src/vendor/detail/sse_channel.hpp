// A channel over the deprecated HTTP+SSE transport (2024-11-05 basic/transports). Nothing is resumed: with its stream
// the channel is gone.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "vendor/channel.hpp"
#include "vendor/detail/handshake.hpp"
#include "vendor/detail/http_peer.hpp"
#include "vendor/detail/pulse.hpp"
#include "vendor/detail/sse_session.hpp"

namespace vendor::detail {

// Thread-safe.
class SseChannel final : public Channel {
 public:
  // The stream, initialize, notifications/initialized; reports nothing to the pulse. Errors: those of Channels::open;
  // vendor_invalid with code kNoSse when the vendor does not speak this transport; unavailable (too many streams).
  static base::Async<std::shared_ptr<Channel>> open(std::shared_ptr<const HttpPeer> peer, std::string initialize_params,
                                                    Pulse& pulse, base::SteadyTime deadline);

  SseChannel(std::shared_ptr<const HttpPeer> peer, std::shared_ptr<SseSession> session, Opening opening, Pulse& pulse);
  ~SseChannel() override;

  [[nodiscard]] mcp::Era era() const override { return mcp::Era::legacy; }
  [[nodiscard]] const std::string& opening_result() const override { return opening_.result; }
  [[nodiscard]] const std::string& protocol_version() const override { return opening_.protocol_version; }
  [[nodiscard]] bool stateful() const override { return true; }
  [[nodiscard]] bool closed() const override { return closed_ || session_->ended(); }
  [[nodiscard]] std::uint64_t next_id() override { return next_id_++; }
  base::Soon<std::unique_ptr<Call>> request(Outgoing outgoing, base::SteadyTime deadline) override;
  base::Async<void> notify(Outgoing outgoing, base::SteadyTime deadline) override;
  base::Async<void> cancel(std::uint64_t id, std::string reason, base::SteadyTime deadline) override;
  void listen(std::weak_ptr<Listener> listener, Subscriptions subscriptions) override;
  base::Task<bool> hears(base::SteadyTime) override { co_return !closed(); }
  // Ends the stream, and with it the session.
  void close() override;

 private:
  base::Result<Attempt> begin();
  base::Async<void> post(Outgoing outgoing, Attempt attempt, base::SteadyTime deadline);

  const std::shared_ptr<const HttpPeer> peer_;
  const std::shared_ptr<SseSession> session_;
  const Opening opening_;
  Pulse& pulse_;
  std::atomic<std::uint64_t> next_id_ = kOpeningId + 1;
  std::atomic<bool> closed_ = false;
};

}  // namespace vendor::detail
