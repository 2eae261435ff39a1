#include "demo/vendors.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "base/encoding.hpp"
#include "base/error_shape.hpp"
#include "demo/knowledge.hpp"
#include "demo/ticket_tools.hpp"
#include "http/sse.hpp"
#include "mcp/error.hpp"
#include "mcp/revision.hpp"

namespace demo {
namespace {

namespace json = boost::json;
using http::Response;

// The official SDK's code for what its transport refuses.
constexpr int kTransportError = -32000;

Response plain_error(int status, std::string_view error, std::string_view message) {
  return Response::json(status, json::serialize(json::object{{"error", error}, {"message", message}}));
}

Response rpc_error(int status, std::string_view message) {
  return Response::json(status, mcp::error_response("", kTransportError, message));
}

Response bad_key(bool missing) {
  json::object body;
  body["error"] = missing ? "Missing credentials" : "Invalid credentials";
  body["message"] = missing ? "This server needs an API key in the X-Demo-API-Key header."
                            : "The API key in the X-Demo-API-Key header is not known here.";
  body["required"] = json::array{json::string_view(kTicketsKeyHeader.data(), kTicketsKeyHeader.size())};
  return Response::json(401, json::serialize(body));
}

// Nothing when the key is there and right.
std::optional<Response> refuse_key(const http::Request& request) {
  const auto key = request.headers.get(kTicketsKeyHeader);
  if (key.empty()) return bad_key(true);
  if (!base::equal_constant_time(key, kTicketsKey)) return bad_key(false);
  return std::nullopt;
}

// What the transport refuses before it looks at the message.
std::optional<Response> refuse_request(const http::Request& request) {
  if (request.headers.find("Origin")) return rpc_error(403, "Forbidden: browsers may not call this server.");
  if (request.method != http::Method::post) {
    auto refused = rpc_error(405, "Method not allowed.");
    refused.headers.add("Allow", "POST");
    return refused;
  }
  if (!request.headers.get("Content-Type").starts_with("application/json")) {
    return rpc_error(415, "Unsupported Media Type: Content-Type must be application/json");
  }
  const auto revision = request.headers.find("MCP-Protocol-Version");
  if (revision && !mcp::is_legacy_revision(*revision)) {
    return rpc_error(400, "Bad Request: Unsupported protocol version");
  }
  return std::nullopt;
}

bool accepts_stream(const http::Request& request) {
  return request.headers.get("Accept").contains("text/event-stream");
}

base::Task<void> pause(std::chrono::milliseconds time) {
  base::Timer timer(co_await boost::asio::this_coro::executor);
  timer.expires_after(time);
  co_await timer.async_wait(base::use_task);
}

// Answers; when the peer is gone, nobody is left to tell.
base::Task<void> send(http::Exchange& exchange, Response response) {
  (void)co_await exchange.respond(std::move(response));
}

}  // namespace

Vendors::Vendors(const base::Clock& clock, VendorsConfig config)
    : config_(config),
      docs_(make_knowledge_base()),
      tickets_(make_ticket_server(std::make_shared<ServiceDesk>(clock))) {}

base::Task<void> Vendors::handle(http::Exchange& exchange) {
  const auto& request = exchange.request();
  if (request.path() == "/demo-docs/mcp") {
    co_await serve(exchange, docs_);
  } else if (request.path() == "/demo-tickets/mcp") {
    if (auto refused = refuse_key(request)) co_return co_await send(exchange, *std::move(refused));
    co_await serve(exchange, tickets_);
  } else if (request.path() == "/health") {
    co_await send(exchange, Response::json(200, R"({"status":"ok"})"));
  } else {
    co_await send(exchange, plain_error(404, "Not found", "There is /demo-docs/mcp, /demo-tickets/mcp and /health."));
  }
}

Response Vendors::failure(const http::RequestHead&, const base::Error& error) const {
  return plain_error(base::shape(error.kind).http_status, base::shape(error.kind).title, error.message);
}

base::Task<void> Vendors::serve(http::Exchange& exchange, const McpServer& server) {
  if (auto refused = refuse_request(exchange.request())) co_return co_await send(exchange, *std::move(refused));

  auto reply = server.handle(exchange.request().body);
  if (reply.answer.empty()) co_return co_await send(exchange, Response::empty(202));
  if (!reply.progress.empty() && accepts_stream(exchange.request())) {
    co_return co_await stream(exchange, std::move(reply));
  }
  co_await send(exchange, Response::json(200, std::move(reply.answer)));
}

base::Task<void> Vendors::stream(http::Exchange& exchange, Reply reply) {
  Response head;
  head.headers.add("Content-Type", "text/event-stream");
  head.headers.add("Cache-Control", "no-cache");
  if (!co_await exchange.start(std::move(head))) co_return;

  reply.progress.push_back(std::move(reply.answer));
  for (const auto& message : reply.progress) {
    co_await pause(config_.step);
    const auto event = http::sse_event("", message);
    const std::array<std::string_view, 1> pieces{event};
    if (!co_await exchange.write(pieces)) co_return;
  }
  (void)co_await exchange.finish();
}

}  // namespace demo
