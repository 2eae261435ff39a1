#include "vendor/transport_channels.hpp"

#include <fmt/format.h>

#include <csignal>

#include "vendor/detail/http_opener.hpp"
#include "vendor/detail/protocol_memory.hpp"
#include "vendor/detail/pulse.hpp"
#include "vendor/detail/supervisor.hpp"
#include "vendor/detail/thread_tasks.hpp"

namespace vendor {

struct TransportChannels::State {
  State(base::IoThreads& threads, base::PerThread<http::Client>& its_clients, HealthBoard& board,
        const base::Clock& its_clock, base::Random& its_random, ChannelsConfig its_config)
      : clients(its_clients),
        clock(its_clock),
        random(its_random),
        config(std::move(its_config)),
        tasks(threads),
        pulse(board, clock, config.breaker),
        opener(clients, tasks, memory, pulse, clock, random, config.http),
        supervisor(tasks, memory, pulse, random, config.stdio) {}

  base::PerThread<http::Client>& clients;
  const base::Clock& clock;
  base::Random& random;
  const ChannelsConfig config;
  detail::Tasks tasks;
  detail::Pulse pulse;
  detail::ProtocolMemory memory;
  detail::HttpOpener opener;
  detail::Supervisor supervisor;
};

TransportChannels::TransportChannels(base::IoThreads& threads, base::PerThread<http::Client>& clients,
                                     HealthBoard& board, const base::Clock& clock, base::Random& random,
                                     ChannelsConfig config)
    : state_(std::make_unique<State>(threads, clients, board, clock, random, std::move(config))) {
  // A process that closes its standard input must not end the gateway at the next write.
  std::signal(SIGPIPE, SIG_IGN);
}

TransportChannels::~TransportChannels() = default;

base::Async<std::shared_ptr<Channel>> TransportChannels::open(OpenParams params, base::SteadyTime deadline) {
  auto& state = *state_;
  if (params.definition->http) co_return co_await state.opener.open(std::move(params), deadline);
  if (params.definition->stdio) co_return co_await state.supervisor.open(std::move(params), deadline);
  co_return base::fail(base::Kind::vendor_down, "vendor.no_transport",
                       fmt::format("vendor {} has neither a URL nor a command", params.definition->slug));
}

std::size_t TransportChannels::processes() const { return state_->supervisor.processes(); }

base::Task<void> TransportChannels::close() {
  co_await state_->supervisor.close();
  co_await state_->tasks.close(state_->clock.steady() + state_->config.http.farewell);
}

}  // namespace vendor
