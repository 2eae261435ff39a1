#include "oauth/endpoint.hpp"

#include <optional>

#include "base/encoding.hpp"
#include "oauth/detail/client_authentication.hpp"
#include "oauth/detail/registrar.hpp"
#include "oauth/detail/token_endpoint.hpp"
#include "oauth/detail/token_services.hpp"
#include "oauth/metadata.hpp"
#include "oauth/render_error.hpp"

namespace oauth {
namespace {

using http::Method;

constexpr std::string_view kWellKnown = "/.well-known/";

enum class Route { well_known, authorize, token, registration, revoke, introspect, unknown };

Route route_of(std::string_view path) {
  if (path.contains(kWellKnown)) return Route::well_known;
  if (path == "/oauth/authorize" || path == "/authorize") return Route::authorize;
  if (path == "/oauth/token" || path == "/token") return Route::token;
  if (path == "/oauth/register" || path == "/register") return Route::registration;
  if (path == "/oauth/revoke") return Route::revoke;
  if (path == "/oauth/introspect") return Route::introspect;
  return Route::unknown;
}

std::string_view allowed_methods(Route route) {
  switch (route) {
    case Route::well_known:
      return "GET, HEAD, OPTIONS";
    case Route::authorize:
      return "GET, HEAD, POST";
    case Route::token:
    case Route::registration:
    case Route::revoke:
      return "POST, OPTIONS";
    case Route::introspect:
      return "POST";
    case Route::unknown:
      return "";
  }
  std::unreachable();
}

bool is_allowed(Route route, Method method) {
  return route == Route::unknown || allowed_methods(route).contains(http::name(method));
}

// Clients in browsers read these; cookies play no part in them.
bool is_for_browser_clients(Route route) { return allowed_methods(route).contains("OPTIONS"); }

http::Response preflight(Route route) {
  auto response = http::Response::empty(204);
  response.headers.set("Access-Control-Allow-Methods", allowed_methods(route));
  response.headers.set("Access-Control-Allow-Headers", "Authorization, Content-Type, MCP-Protocol-Version");
  response.headers.set("Access-Control-Max-Age", "86400");
  return response;
}

// "/.well-known/<name>/<endpoint>" and "<endpoint>/.well-known/<name>" mean the same.
struct WellKnown {
  std::string_view name;
  std::string_view endpoint;  // "" or "/v1/mcp"
};
std::optional<WellKnown> split_well_known(std::string_view path) {
  if (path.ends_with('/')) path.remove_suffix(1);
  const auto place = path.find(kWellKnown);
  if (place == std::string_view::npos) return std::nullopt;
  const std::string_view before = path.substr(0, place);
  const std::string_view rest = path.substr(place + kWellKnown.size());
  const auto slash = rest.find('/');
  const std::string_view after = slash == std::string_view::npos ? std::string_view() : rest.substr(slash);
  if (!before.empty() && !after.empty()) return std::nullopt;
  return WellKnown{rest.substr(0, slash), before.empty() ? after : before};
}

http::Response published(std::string body) {
  auto response = http::Response::json(200, std::move(body));
  response.headers.set("Cache-Control", "public, max-age=60");
  return response;
}

base::Failure nothing_here() {
  return base::fail(base::Kind::not_found, "oauth.path", "There is nothing at this path.");
}

// The page shows what the JSON would have said.
http::Response authorization_error_page(std::string_view prefix, const base::Error& error) {
  return http::Response::see_other(std::string(prefix) +
                                   "/auth/authorize-error?code=" + base::percent_encode(error.code) +
                                   "&description=" + base::percent_encode(error.message));
}

}  // namespace

bool Endpoint::owns(std::string_view path) {
  return path.contains(kWellKnown) || path == "/.well-known" || path == "/oauth" || path.starts_with("/oauth/") ||
         route_of(path) != Route::unknown;
}

base::Result<http::Response> Endpoint::well_known(const http::Request& request) const {
  const auto asked = split_well_known(request.path());
  if (!asked) return nothing_here();
  if (asked->name == "jwks.json" && asked->endpoint.empty()) return published(parts_.keys.current()->jwks);

  const auto resource = parts_.resources.at_path(asked->endpoint);
  if (!resource) return nothing_here();
  if (asked->name == "oauth-protected-resource") {
    return published(protected_resource_metadata(parts_.resources, *resource));
  }
  if (asked->name == "oauth-authorization-server") {
    return published(server_metadata(parts_.resources, ServerMetadata::oauth));
  }
  if (asked->name == "openid-configuration") {
    return published(server_metadata(parts_.resources, ServerMetadata::openid));
  }
  return nothing_here();
}

base::Async<http::Response> Endpoint::authorize(const http::Request& request) {
  const bool is_form = request.method == Method::post;
  if (is_form && request.body.size() > kQueryLimit) {
    co_return base::fail(base::Kind::too_large, "invalid_request", "The form is too large.");
  }
  auto outcome = co_await parts_.authorization.check(is_form ? request.body : std::string(request.query()));
  const std::string_view prefix = parts_.resources.issuer_path();
  if (const auto* checked = std::get_if<CheckedRequest>(&outcome)) {
    co_return http::Response::see_other(std::string(prefix) + "/auth/consent?" + checked->query);
  }
  const auto& refused = std::get<RefusedRequest>(outcome);
  if (!refused.redirect.empty()) co_return http::Response::see_other(refused.redirect);
  // Nobody to send it to: a browser gets a page, everybody else JSON.
  if (request.headers.get("Accept").contains("text/html")) co_return authorization_error_page(prefix, refused.error);
  co_return base::Failure(refused.error);
}

base::Async<http::Response> Endpoint::dispatch(const http::Request& request) {
  switch (route_of(request.path())) {
    case Route::well_known:
      co_return well_known(request);
    case Route::authorize:
      co_return co_await authorize(request);
    case Route::token:
      co_return co_await parts_.tokens.handle(request);
    case Route::registration:
      co_return co_await parts_.registrar.handle(request);
    case Route::revoke:
      co_return co_await parts_.services.revoke(request);
    case Route::introspect:
      co_return co_await parts_.services.introspect(request);
    case Route::unknown:
      co_return nothing_here();
  }
  std::unreachable();
}

base::Task<http::Response> Endpoint::handle(const http::Request& request) {
  Route route = route_of(request.path());
  // A document that nobody publishes does not exist for any method.
  if (route == Route::well_known && !well_known(request)) route = Route::unknown;
  http::Response response;
  if (!is_allowed(route, request.method)) {
    const base::Error wrong{base::Kind::method_not_allowed,
                            "invalid_request",
                            "This path allows " + std::string(allowed_methods(route)) + ".",
                            {},
                            {}};
    response = render_error(wrong, request);
    response.headers.set("Allow", allowed_methods(route));
  } else if (request.method == Method::options && route != Route::unknown) {
    response = preflight(route);
  } else {
    auto answer = co_await dispatch(request);
    response = answer ? *std::move(answer) : render_error(answer.error(), request);
  }

  if (response.status == 401 && detail::is_basic(request.headers.get("Authorization"))) {
    response.headers.set("WWW-Authenticate", "Basic realm=\"oauth\"");  // RFC 6749 section 5.2
  }
  if (is_for_browser_clients(route)) response.headers.set("Access-Control-Allow-Origin", "*");
  if (route == Route::authorize) response.headers.set("Cache-Control", "no-store");
  co_return response;
}

}  // namespace oauth
