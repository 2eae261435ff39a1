#include "vendor/health_json.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace vendor {
namespace {

namespace json = boost::json;

json::value time_or_null(const std::optional<base::Micros>& time) {
  return time ? json::value(base::rfc3339(*time)) : json::value(nullptr);
}

json::object rendered(const Definition& definition, const Health& health) {
  json::object object;
  object["name"] = definition.name;
  object["status"] = name(health.status);
  object["consecutiveFailures"] = health.consecutive_failures;
  object["lastCheck"] = time_or_null(health.last_check);
  object["lastSuccess"] = time_or_null(health.last_success);
  object["latencyMs"] = nullptr;
  if (health.latency) object["latencyMs"] = std::chrono::round<std::chrono::milliseconds>(*health.latency).count();
  object["lastError"] = nullptr;
  if (!health.last_error.empty()) object["lastError"] = health.last_error;
  return object;
}

}  // namespace

std::string health_json(const Definitions& definitions, const HealthBoard& board) {
  json::object vendors;
  for (const auto& [slug, definition] : definitions) {
    if (definition->enabled) vendors[slug] = rendered(*definition, board.of(slug));
  }
  json::object body;
  body["vendors"] = std::move(vendors);
  return json::serialize(body);
}

}  // namespace vendor
