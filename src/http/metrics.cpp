#include "http/metrics.hpp"

namespace http {
namespace {

prometheus::Family<prometheus::Gauge>& outgoing(prometheus::Registry& registry) {
  return prometheus::BuildGauge()
      .Name("mcpgw_outgoing_connections")
      .Help("Open connections to vendors and other servers, by state: kept for the next request, or in use")
      .Register(registry);
}

}  // namespace

Metrics::Metrics(prometheus::Registry& registry)
    : incoming_(prometheus::BuildGauge()
                    .Name("mcpgw_client_connections")
                    .Help("Open connections of clients and browsers")
                    .Register(registry)
                    .Add({})),
      idle_(outgoing(registry).Add({{"state", "idle"}})),
      in_use_(outgoing(registry).Add({{"state", "in_use"}})) {}

void Metrics::measure(const Server& server, const base::PerThread<Client>& clients) {
  ConnectionCount sum;
  for (std::size_t i = 0; i < clients.size(); ++i) {
    const auto count = clients.at(i).connection_count();
    sum.idle += count.idle;
    sum.in_use += count.in_use;
  }
  incoming_.Set(static_cast<double>(server.connections()));
  idle_.Set(static_cast<double>(sum.idle));
  in_use_.Set(static_cast<double>(sum.in_use));
}

}  // namespace http
