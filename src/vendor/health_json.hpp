// The body of GET /health/vendors.
//
//   {"vendors":{"hudu":{"name":"Hudu","status":"down","consecutiveFailures":4,"lastCheck":"2026-11-23T20:15:00.123Z",
//     "lastSuccess":null,"latencyMs":null,"lastError":"GET /health answered 503."}}}
#pragma once

#include <string>

#include "vendor/definition.hpp"
#include "vendor/health.hpp"

namespace vendor {

// Every enabled vendor, in order of slug; times in RFC 3339, null where there is none yet. Holds no secret and no URL.
[[nodiscard]] std::string health_json(const Definitions& definitions, const HealthBoard& board);

}  // namespace vendor
