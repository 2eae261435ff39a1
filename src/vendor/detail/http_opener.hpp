// Opens channels over HTTP. What a vendor speaks is found out once: a request of the modern era first, then initialize,
// then the deprecated HTTP+SSE (2026-07-28 basic/transports/streamable-http, "Backward Compatibility").
#pragma once

#include <memory>
#include <optional>

#include "base/clock.hpp"
#include "base/io_threads.hpp"
#include "base/random.hpp"
#include "http/client.hpp"
#include "vendor/channel.hpp"
#include "vendor/channels_config.hpp"
#include "vendor/detail/handshake.hpp"
#include "vendor/detail/http_peer.hpp"
#include "vendor/detail/protocol_memory.hpp"
#include "vendor/detail/pulse.hpp"
#include "vendor/detail/thread_tasks.hpp"

namespace vendor::detail {

// Thread-safe.
class HttpOpener {
 public:
  // REQUIRES: the references outlive this.
  HttpOpener(base::PerThread<http::Client>& clients, Tasks& tasks, ProtocolMemory& memory, Pulse& pulse,
             const base::Clock& clock, base::Random& random, HttpChannelConfig config);

  // REQUIRES: the definition has a URL. Errors: those of Channels::open. The pulse hears of the outcome, and not of the
  // questions on the way to it that the vendor did not understand.
  base::Async<std::shared_ptr<Channel>> open(OpenParams params, base::SteadyTime deadline);

 private:
  using Peer = std::shared_ptr<const HttpPeer>;

  base::Async<std::shared_ptr<Channel>> open_as(Peer peer, Protocol protocol, std::string initialize_params,
                                                base::SteadyTime deadline);
  base::Async<std::shared_ptr<Channel>> open_unknown(Peer peer, std::string initialize_params,
                                                     base::SteadyTime deadline);
  base::Async<std::shared_ptr<Channel>> open_modern(Peer peer, base::SteadyTime deadline);
  base::Async<std::shared_ptr<Channel>> open_legacy(Peer peer, std::string initialize_params,
                                                    base::SteadyTime deadline);
  base::Async<std::shared_ptr<Channel>> open_sse(Peer peer, std::string initialize_params, base::SteadyTime deadline);
  // What a vendor of the modern era says of itself; nothing when the answer is that of a legacy one.
  base::Async<std::optional<Opening>> discover(Peer peer, base::SteadyTime deadline);
  std::shared_ptr<Channel> modern_channel(Peer peer, Opening opening);
  // What such a vendor said for this connection still holds: no request is needed. Nothing otherwise.
  std::shared_ptr<Channel> known_modern(const Peer& peer);

  base::PerThread<http::Client>& clients_;
  Tasks& tasks_;
  ProtocolMemory& memory_;
  Pulse& pulse_;
  const base::Clock& clock_;
  base::Random& random_;
  const HttpChannelConfig config_;
};

}  // namespace vendor::detail
