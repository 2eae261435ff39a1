// The session of the deprecated HTTP+SSE transport (2024-11-05 basic/transports): one stream on which the vendor says
// everything, and an endpoint that takes messages. The session is the stream: when it ends, both are gone.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "vendor/detail/http_peer.hpp"
#include "vendor/detail/listener_slot.hpp"
#include "vendor/detail/mailbox.hpp"
#include "vendor/detail/routes.hpp"
#include "vendor/detail/sse_source.hpp"
#include "vendor/detail/stop_signal.hpp"

namespace vendor::detail {

// The code of an error of connect(): the vendor does not speak this transport.
inline constexpr std::string_view kNoSse = "vendor.no_sse";

// Thread-safe, but for connect(). Belongs to the I/O thread that connected, its home.
class SseSession : public std::enable_shared_from_this<SseSession> {
 public:
  // Opens the stream and waits for the endpoint. Errors: those of Channels::open; vendor_invalid with code kNoSse.
  static base::Async<std::shared_ptr<SseSession>> connect(std::shared_ptr<const HttpPeer> peer,
                                                          base::SteadyTime deadline);
  SseSession(base::Executor home, std::shared_ptr<const HttpPeer> peer, SseSource source, http::Url endpoint);

  // Reads the stream to its end. Home thread.
  static base::Task<void> live(std::shared_ptr<SseSession> self);
  // Its user ends it.
  void stop();
  // The vendor forgot it: the listener is told.
  void lose();
  [[nodiscard]] bool ended() const { return ended_; }

  // Where messages are posted to.
  [[nodiscard]] const HttpSession& address() const { return address_; }
  // The answer to a request that is posted after this goes to the mailbox. A failure, too.
  static base::Task<void> expect(std::shared_ptr<SseSession> self, std::uint64_t id, std::shared_ptr<Mailbox> mailbox);
  // Nobody waits for that answer any more.
  void forget(std::uint64_t id);
  // Ends the wait for that answer with an error of kind cancelled.
  void cancel(std::uint64_t id);
  void set_listener(std::weak_ptr<Listener> listener) { slot_.set(std::move(listener)); }

 private:
  static base::Task<void> expect_at_home(std::shared_ptr<SseSession> self, std::uint64_t id,
                                         std::shared_ptr<Mailbox> mailbox);
  base::Task<void> read();
  void take(std::string text);
  void reply(std::string text);
  void end();

  const base::Executor home_;
  const std::shared_ptr<const HttpPeer> peer_;
  const HttpSession address_;
  const std::shared_ptr<StopSignal> stop_;
  ListenerSlot slot_;
  std::atomic<bool> ended_ = false;
  std::atomic<bool> left_ = false;  // by its user

  // Home thread only.
  SseSource source_;
  Routes routes_;
};

}  // namespace vendor::detail
