// GET /metrics on the listener of its own: the Prometheus text exposition format.
#pragma once

#include <prometheus/registry.h>

#include "http/exchange.hpp"

namespace app {

class MetricsHandler final : public http::Handler {
 public:
  // REQUIRES: registry outlives this.
  explicit MetricsHandler(prometheus::Registry& registry) : registry_(registry) {}
  base::Task<void> handle(http::Exchange& exchange) override;
  [[nodiscard]] http::Response failure(const http::RequestHead& head, const base::Error& error) const override;

 private:
  prometheus::Registry& registry_;
};

}  // namespace app
