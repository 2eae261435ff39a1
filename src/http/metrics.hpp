// What operators see of the HTTP layer. Its objects count for themselves; measure() copies their counts into the
// registry when somebody reads it.
#pragma once

#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include "base/io_threads.hpp"
#include "http/client.hpp"
#include "http/server.hpp"

namespace http {

// Thread-safe. REQUIRES: the registry outlives this.
class Metrics {
 public:
  explicit Metrics(prometheus::Registry& registry);
  void measure(const Server& server, const base::PerThread<Client>& clients);

 private:
  prometheus::Gauge& incoming_;
  prometheus::Gauge& idle_;
  prometheus::Gauge& in_use_;
};

}  // namespace http
