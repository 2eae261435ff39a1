// Both demo vendors as one HTTP handler, for a server on a loopback port: Streamable HTTP, stateless, as the vendors'
// real MCP servers do it (MCP 2025-11-25, basic/transports).
//
//   POST /demo-docs/mcp     open
//   POST /demo-tickets/mcp  demands X-Demo-API-Key: demo-key-1234567890; else HTTP 401 {error, message, required}
//   GET  /health            200 {"status":"ok"}
//
// GET and DELETE of an MCP path answer 405; a browser's requests (with Origin) 403, since a page could reach a loopback
// port. The answer is JSON, or SSE when the call asked for progress and the client accepts a stream.
// Thread-safe: handle() runs on every I/O thread.
#pragma once

#include <chrono>
#include <memory>

#include "base/clock.hpp"
#include "demo/mcp_server.hpp"
#include "http/exchange.hpp"

namespace demo {

// The one key that demo-tickets accepts. Documented; protects nothing.
inline constexpr std::string_view kTicketsKey = "demo-key-1234567890";
inline constexpr std::string_view kTicketsKeyHeader = "X-Demo-API-Key";

struct VendorsConfig {
  std::chrono::milliseconds step{400};  // pause before each progress notification
};

class Vendors final : public http::Handler {
 public:
  // REQUIRES: clock outlives this.
  explicit Vendors(const base::Clock& clock, VendorsConfig config = {});

  base::Task<void> handle(http::Exchange& exchange) override;
  [[nodiscard]] http::Response failure(const http::RequestHead& head, const base::Error& error) const override;

 private:
  base::Task<void> serve(http::Exchange& exchange, const McpServer& server);
  base::Task<void> stream(http::Exchange& exchange, Reply reply);

  VendorsConfig config_;
  McpServer docs_;
  McpServer tickets_;
};

}  // namespace demo
