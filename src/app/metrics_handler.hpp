// GET /metrics on the listener of its own: the Prometheus text exposition format.
#pragma once

#include <prometheus/registry.h>

#include <functional>

#include "http/exchange.hpp"

namespace app {

class MetricsHandler final : public http::Handler {
 public:
  // `measure` brings what is only measured when somebody asks up to date; on every I/O thread.
  // REQUIRES: registry outlives this.
  MetricsHandler(prometheus::Registry& registry, std::function<void()> measure)
      : registry_(registry), measure_(std::move(measure)) {}
  base::Task<void> handle(http::Exchange& exchange) override;
  [[nodiscard]] http::Response failure(const http::RequestHead& head, const base::Error& error) const override;

 private:
  prometheus::Registry& registry_;
  const std::function<void()> measure_;
};

}  // namespace app
