#include "vendor/metrics.hpp"

namespace vendor {

Metrics::Metrics(prometheus::Registry& registry)
    : processes_(prometheus::BuildGauge()
                     .Name("mcpgw_vendor_processes")
                     .Help("Vendor processes that run, of limits.stdio_processes")
                     .Register(registry)
                     .Add({})) {}

}  // namespace vendor
