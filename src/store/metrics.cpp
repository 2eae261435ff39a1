#include "store/metrics.hpp"

namespace store {

Metrics::Metrics(prometheus::Registry& registry)
    : waiting_(prometheus::BuildGauge()
                   .Name("mcpgw_database_jobs_waiting")
                   .Help("Reads and writes that wait for a database thread")
                   .Register(registry)
                   .Add({})) {}

}  // namespace store
