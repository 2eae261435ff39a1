#include "gateway/metrics.hpp"

#include <algorithm>
#include <array>

namespace gateway {
namespace {

constexpr std::string_view kOther = "other";
constexpr std::array<std::string_view, 15> kMethods{"initialize",
                                                    "ping",
                                                    "tools/list",
                                                    "tools/call",
                                                    "resources/list",
                                                    "resources/read",
                                                    "prompts/list",
                                                    "prompts/get",
                                                    "completion/complete",
                                                    "logging/setLevel",
                                                    "resources/subscribe",
                                                    "resources/unsubscribe",
                                                    "resources/templates/list",
                                                    "subscriptions/listen",
                                                    kOther};

const prometheus::Histogram::BucketBoundaries& buckets() {
  static const prometheus::Histogram::BucketBoundaries seconds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                               0.1,    0.25,  0.5,    1,     2.5,  10,    60};
  return seconds;
}

}  // namespace

Metrics::Metrics(prometheus::Registry& registry)
    : requests_(prometheus::BuildCounter()
                    .Name("mcpgw_requests_total")
                    .Help("MCP requests answered, by route, method and outcome")
                    .Register(registry)),
      durations_(prometheus::BuildHistogram()
                     .Name("mcpgw_request_duration_seconds")
                     .Help("Time from a request's arrival to its answer, by route")
                     .Register(registry)),
      vendor_errors_(prometheus::BuildCounter()
                         .Name("mcpgw_vendor_errors_total")
                         .Help("Calls that a vendor failed, by vendor and kind")
                         .Register(registry)),
      sessions_(
          prometheus::BuildGauge().Name("mcpgw_sessions").Help("MCP sessions in memory").Register(registry).Add({})),
      streams_(prometheus::BuildGauge().Name("mcpgw_streams").Help("Open GET streams").Register(registry).Add({})) {}

void Metrics::request(std::string_view route, std::string_view method, std::string_view outcome,
                      std::chrono::steady_clock::duration took) {
  const auto series = this->series(route, method, outcome);
  series.count->Increment();
  series.duration->Observe(std::chrono::duration<double>(took).count());
}

Metrics::Series Metrics::series(std::string_view route, std::string_view method, std::string_view outcome) {
  std::string key;
  key.reserve(route.size() + method.size() + outcome.size() + 2);
  key.append(route).append(1, '\n').append(method).append(1, '\n').append(outcome);
  {
    const base::Lock lock(mutex_);
    const auto found = series_.find(key);
    if (found != series_.end()) return found->second;
    if (std::ranges::find(kMethods, method) != kMethods.end()) {
      auto& count = requests_.Add(
          {{"route", std::string(route)}, {"method", std::string(method)}, {"outcome", std::string(outcome)}});
      auto& duration = durations_.Add({{"route", std::string(route)}}, buckets());
      return series_.emplace(std::move(key), Series{&count, &duration}).first->second;
    }
  }
  return series(route, kOther, outcome);
}

void Metrics::vendor_error(std::string_view vendor, base::Kind kind) {
  vendor_errors_.Add({{"vendor", std::string(vendor)}, {"kind", std::string(base::name(kind))}}).Increment();
}

}  // namespace gateway
