// The channels of the running gateway: Streamable HTTP and supervised processes, guarded by a circuit breaker per
// vendor, and what calls find out told to the health board.
#pragma once

#include <memory>

#include "base/clock.hpp"
#include "base/io_threads.hpp"
#include "base/random.hpp"
#include "http/client.hpp"
#include "vendor/channel.hpp"
#include "vendor/channels_config.hpp"
#include "vendor/health.hpp"

namespace vendor {

// Thread-safe. Every channel must be gone before this is destroyed, and the I/O threads stopped or close() returned.
class TransportChannels final : public Channels {
 public:
  // REQUIRES: the references outlive this. Sets SIGPIPE to be ignored, so that a process that closes its standard
  // input is an error of that write only.
  TransportChannels(base::IoThreads& threads, base::PerThread<http::Client>& clients, HealthBoard& board,
                    const base::Clock& clock, base::Random& random, ChannelsConfig config);
  ~TransportChannels() override;

  base::Async<std::shared_ptr<Channel>> open(OpenParams params, base::SteadyTime deadline) override;

  // Vendor processes that run now, those that start or end included.
  [[nodiscard]] std::size_t processes() const;

  // Ends processes and streams, gently at first; returns when all have ended. Channels refuse from then on.
  // Any I/O thread; once.
  base::Task<void> close();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vendor
