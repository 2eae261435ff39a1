// What operators see of the database; measure() is called when somebody reads the registry.
#pragma once

#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include "store/database.hpp"

namespace store {

// Thread-safe. REQUIRES: the registry outlives this.
class Metrics {
 public:
  explicit Metrics(prometheus::Registry& registry);
  void measure(const Database& database) { waiting_.Set(static_cast<double>(database.queued())); }

 private:
  prometheus::Gauge& waiting_;
};

}  // namespace store
