// What operators see of the vendors' transports; measure() is called when somebody reads the registry.
#pragma once

#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include "vendor/transport_channels.hpp"

namespace vendor {

// Thread-safe. REQUIRES: the registry outlives this.
class Metrics {
 public:
  explicit Metrics(prometheus::Registry& registry);
  void measure(const TransportChannels& channels) { processes_.Set(static_cast<double>(channels.processes())); }

 private:
  prometheus::Gauge& processes_;
};

}  // namespace vendor
