// A channel over Streamable HTTP of the legacy era: a session at the vendor's endpoint, or none where the vendor keeps
// no state.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "base/mutex.hpp"
#include "base/random.hpp"
#include "vendor/channel.hpp"
#include "vendor/detail/handshake.hpp"
#include "vendor/detail/http_peer.hpp"
#include "vendor/detail/listening.hpp"
#include "vendor/detail/pulse.hpp"
#include "vendor/detail/running_calls.hpp"

namespace vendor::detail {

// Thread-safe.
class HttpChannel final : public Channel, public std::enable_shared_from_this<HttpChannel> {
 public:
  // initialize and notifications/initialized; reports nothing to the pulse. Errors: those of Channels::open; with code
  // kSpeaksModern when the vendor is of the modern era, kHttpRefused when no Streamable HTTP seems to be there.
  static base::Async<std::shared_ptr<Channel>> open(std::shared_ptr<const HttpPeer> peer, std::string initialize_params,
                                                    Pulse& pulse, base::Random& random, base::SteadyTime deadline);

  HttpChannel(std::shared_ptr<const HttpPeer> peer, HttpSession session, std::string initialize_result, Pulse& pulse,
              base::Random& random);
  ~HttpChannel() override;

  [[nodiscard]] mcp::Era era() const override { return mcp::Era::legacy; }
  [[nodiscard]] const std::string& opening_result() const override { return initialize_result_; }
  [[nodiscard]] const std::string& protocol_version() const override { return session_->protocol_version; }
  [[nodiscard]] bool stateful() const override { return !session_->id.empty(); }
  [[nodiscard]] bool closed() const override { return closed_; }
  [[nodiscard]] std::uint64_t next_id() override { return next_id_++; }
  base::Soon<std::unique_ptr<Call>> request(Outgoing outgoing, base::SteadyTime deadline) override;
  base::Async<void> notify(Outgoing outgoing, base::SteadyTime deadline) override;
  base::Async<void> cancel(std::uint64_t id, std::string reason, base::SteadyTime deadline) override;
  void listen(std::weak_ptr<Listener> listener, Subscriptions subscriptions) override;
  base::Task<bool> hears(base::SteadyTime deadline) override;
  void close() override;

 private:
  static base::Task<void> listen_to_end(std::weak_ptr<HttpChannel> channel, std::shared_ptr<Listening> listening,
                                        StreamPlace place);
  base::Async<std::unique_ptr<Call>> request_and_wait(Outgoing outgoing, base::SteadyTime deadline, Attempt attempt);
  base::Result<Attempt> begin();
  // Calls keep the channel.
  [[nodiscard]] std::shared_ptr<RunningCalls> running() { return {shared_from_this(), &running_}; }
  // The vendor forgot the session: tells the listener, once.
  void mark_gone();
  void stop_listening();

  const std::shared_ptr<const HttpPeer> peer_;
  const std::shared_ptr<const HttpSession> session_;
  const std::string initialize_result_;
  Pulse& pulse_;
  base::Random& random_;
  std::atomic<std::uint64_t> next_id_ = kOpeningId + 1;
  std::atomic<bool> closed_ = false;
  RunningCalls running_{[this] { mark_gone(); }};
  const std::shared_ptr<ListenerSlot> slot_ = std::make_shared<ListenerSlot>();
  base::Mutex mutex_;
  std::shared_ptr<Listening> listening_ MCPGW_GUARDED_BY(mutex_);
};

}  // namespace vendor::detail
