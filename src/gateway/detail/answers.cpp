#include "gateway/detail/answers.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error_shape.hpp"
#include "base/log.hpp"
#include "identity/bearer_challenge.hpp"
#include "json/document.hpp"
#include "mcp/error.hpp"
#include "mcp/revision.hpp"

namespace gateway {

base::Task<void> respond_status(http::Exchange& exchange, int status, std::string body) {
  (void)co_await exchange.respond(http::Response::json(status, std::move(body)));
}

base::Task<void> respond_accepted(http::Exchange& exchange) {
  (void)co_await exchange.respond(http::Response::empty(202));
}

base::Task<void> respond_error(http::Exchange& exchange, base::Error error) {
  const auto& shape = base::shape(error.kind);
  base::log::info("mcp.refused", {{"request", exchange.request().request_id},
                                  {"kind", base::name(error.kind)},
                                  {"code", error.code},
                                  {"detail", error.detail}});
  auto response = http::Response::json(shape.http_status, mcp::error_response({}, error));
  if (error.retry_after) response.headers.add("Retry-After", std::to_string(error.retry_after->count()));
  (void)co_await exchange.respond(std::move(response));
}

base::Task<void> respond_method_not_allowed(http::Exchange& exchange, std::string_view allow) {
  auto response = http::Response::json(
      405, mcp::error_response({}, mcp::kInvalidRequest, fmt::format("Method not allowed here; use {}.", allow)));
  response.headers.add("Allow", allow);
  (void)co_await exchange.respond(std::move(response));
}

base::Task<void> respond_session_error(http::Exchange& exchange, const base::Error& error) {
  if (error.kind != base::Kind::not_found) {
    co_await respond_error(exchange, error);
    co_return;
  }
  co_await respond_status(exchange, 404, mcp::error_response({}, mcp::kSessionNotFound, error.message));
}

base::Task<void> respond_challenge(http::Exchange& exchange, const Config& config, std::string_view slug,
                                   std::string_view token, base::Error error) {
  const auto path = slug.empty() ? std::string("/v1/mcp") : fmt::format("/v1/{}/mcp", slug);
  const auto message = token.empty() ? std::string("A bearer token is required.") : error.message;
  auto response = http::Response::json(401, mcp::error_response({}, -32001, message));
  response.headers.add("WWW-Authenticate",
                       identity::bearer_challenge(config.public_url, path, token.empty() ? nullptr : &error));
  (void)co_await exchange.respond(std::move(response));
}

std::string unified_instructions(std::string_view public_url) {
  return fmt::format(
      "Tools of several vendors, named {{vendor}}__{{tool}}. A vendor appears once its credential is saved at "
      "{}/settings.",
      public_url);
}

std::string unsupported_revision(std::string_view id, std::string_view asked) {
  std::vector<std::string> quoted;
  for (const auto revision : mcp::kModernRevisions) quoted.push_back(json::quote(revision));
  for (const auto revision : mcp::kLegacyRevisions) quoted.push_back(json::quote(revision));
  return fmt::format(
      R"({{"jsonrpc":"2.0","id":{},"error":{{"code":-32022,"message":"Unsupported protocol version","data":{{"supported":[{}],"requested":{}}}}}}})",
      id.empty() ? "null" : id, fmt::join(quoted, ","), json::quote(asked));
}

}  // namespace gateway
