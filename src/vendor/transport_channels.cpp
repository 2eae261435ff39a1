#include "vendor/transport_channels.hpp"

#include <fmt/format.h>

#include "vendor/detail/http_channel.hpp"
#include "vendor/detail/pulse.hpp"
#include "vendor/detail/thread_tasks.hpp"

namespace vendor {

struct TransportChannels::State {
  base::PerThread<http::Client>& clients;
  const base::Clock& clock;
  base::Random& random;
  const ChannelsConfig config;
  detail::Tasks tasks;
  detail::Pulse pulse;
};

TransportChannels::TransportChannels(base::IoThreads& threads, base::PerThread<http::Client>& clients,
                                     HealthBoard& board, const base::Clock& clock, base::Random& random,
                                     ChannelsConfig config)
    : state_(new State{.clients = clients,
                       .clock = clock,
                       .random = random,
                       .config = config,
                       .tasks = detail::Tasks(threads),
                       .pulse = detail::Pulse(board, clock, config.breaker)}) {}

TransportChannels::~TransportChannels() = default;

base::Async<std::shared_ptr<Channel>> TransportChannels::open(OpenParams params, base::SteadyTime deadline) {
  auto& state = *state_;
  if (params.definition->http) {
    auto peer = std::make_shared<const detail::HttpPeer>(params.definition, params.injection, state.clients,
                                                         state.tasks, state.clock, state.config.http);
    co_return co_await detail::HttpChannel::open(std::move(peer), std::move(params.initialize_params), state.pulse,
                                                 state.random, deadline);
  }
  co_return base::fail(base::Kind::vendor_down, "vendor.no_transport",
                       fmt::format("vendor {} has neither a URL nor a command", params.definition->slug));
}

base::Task<void> TransportChannels::close() {
  co_await state_->tasks.close(state_->clock.steady() + state_->config.http.farewell);
}

}  // namespace vendor
