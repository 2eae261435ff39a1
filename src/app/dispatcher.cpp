#include "app/dispatcher.hpp"

#include "base/error_shape.hpp"
#include "base/log.hpp"
#include "mcp/error.hpp"
#include "oauth/render_error.hpp"
#include "vendor/health_json.hpp"
#include "web/failure.hpp"
#include "web/problem.hpp"

namespace app {
namespace {

bool is_below(std::string_view path, std::string_view prefix) {
  return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

http::Response method_not_allowed(const http::RequestHead& head) {
  auto response = web::render_problem(
      {base::Kind::method_not_allowed, "method_not_allowed", "Only GET is served here.", {}, {}}, head);
  response.headers.add("Allow", "GET");
  return response;
}

http::Response mcp_failure(const base::Error& error) {
  return http::Response::json(base::shape(error.kind).http_status, mcp::error_response({}, error));
}

}  // namespace

Surface surface_of(std::string_view path) {
  if (is_below(path, "/v1")) return Surface::mcp;
  if (is_below(path, "/oauth") || oauth::Endpoint::owns(path) || path.contains("/.well-known")) return Surface::oauth;
  if (is_below(path, "/health") || is_below(path, "/api") || is_below(path, "/metrics")) return Surface::problem;
  return Surface::page;
}

base::Task<void> Dispatcher::handle(http::Exchange& exchange) {
  if (gateway::Endpoint::owns(exchange.request().path())) return rooms_.gateway.handle(exchange);
  return respond(exchange);
}

base::Task<void> Dispatcher::respond(http::Exchange& exchange) {
  auto response = co_await answer(exchange);
  if (!response) {
    const auto& error = response.error();
    base::log::write(base::shape(error.kind).level, "request.failed",
                     {{"request", exchange.request().request_id},
                      {"path", exchange.request().path()},
                      {"kind", base::name(error.kind)},
                      {"code", error.code},
                      {"detail", error.detail}});
    response = failure(exchange.request(), error);
  }
  (void)co_await exchange.respond(*std::move(response));
}

base::Async<http::Response> Dispatcher::answer(const http::Exchange& exchange) {
  const auto& request = exchange.request();
  const auto path = request.path();
  if (oauth::Endpoint::owns(path)) co_return co_await rooms_.oauth.handle(request);
  if (is_below(path, "/health")) co_return health(exchange);
  if (web::Pages::owns(path)) co_return co_await rooms_.web.handle(request);
  co_return base::fail(base::Kind::not_found, "path.unknown", "There is nothing at " + std::string(path) + ".");
}

base::Result<http::Response> Dispatcher::health(const http::Exchange& exchange) const {
  const auto& request = exchange.request();
  const bool reads = request.method == http::Method::get || request.method == http::Method::head;
  if (request.path() == "/health") {
    if (!reads) return method_not_allowed(request);
    if (exchange.draining()) return http::Response::json(503, R"({"status":"draining"})");
    return http::Response::json(200, R"({"status":"ok"})");
  }
  if (request.path() == "/health/vendors") {
    if (!reads) return method_not_allowed(request);
    return http::Response::json(200, vendor::health_json(*rooms_.definitions.get(), rooms_.health));
  }
  return base::fail(base::Kind::not_found, "path.unknown", "There is /health and /health/vendors.");
}

http::Response Dispatcher::failure(const http::RequestHead& head, const base::Error& error) const {
  switch (surface_of(head.path())) {
    case Surface::mcp:
      return mcp_failure(error);
    case Surface::oauth:
      return oauth::render_error(error, head);
    case Surface::problem:
      return web::render_problem(error, head);
    case Surface::page: {
      const bool browser = head.headers.get("Accept").contains("text/html");
      return browser ? web::render_failure(error, head) : web::render_problem(error, head);
    }
  }
  std::unreachable();
}

}  // namespace app
