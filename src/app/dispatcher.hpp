// The one handler of the public listener: finds the room that owns a path, and turns any failure of any of them, or of
// the HTTP layer itself, into the right shape for that path. So a client that expects JSON never meets HTML, by
// construction: only paths that browsers visit are answered with pages.
#pragma once

#include <string_view>

#include "base/snapshot.hpp"
#include "gateway/endpoint.hpp"
#include "http/exchange.hpp"
#include "oauth/endpoint.hpp"
#include "vendor/definition.hpp"
#include "vendor/health.hpp"
#include "web/pages.hpp"

namespace app {

enum class Surface {
  mcp,      // JSON-RPC errors
  oauth,    // RFC 6749 section 5.2
  problem,  // RFC 9457
  page,     // HTML for browsers, RFC 9457 for everybody else
};
[[nodiscard]] Surface surface_of(std::string_view path);

class Dispatcher final : public http::Handler {
 public:
  struct Rooms {
    gateway::Endpoint& gateway;
    oauth::Endpoint& oauth;
    web::Pages& web;
    const base::Snapshot<vendor::Definitions>& definitions;
    const vendor::HealthBoard& health;
  };
  // REQUIRES: the rooms outlive this.
  explicit Dispatcher(Rooms rooms) : rooms_(rooms) {}

  base::Task<void> handle(http::Exchange& exchange) override;
  [[nodiscard]] http::Response failure(const http::RequestHead& head, const base::Error& error) const override;

 private:
  base::Task<void> respond(http::Exchange& exchange);
  base::Async<http::Response> answer(const http::Exchange& exchange);
  [[nodiscard]] base::Result<http::Response> health(const http::Exchange& exchange) const;

  Rooms rooms_;
};

}  // namespace app
