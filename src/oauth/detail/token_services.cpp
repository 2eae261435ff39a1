#include "oauth/detail/token_services.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <optional>

#include "oauth/detail/client_authentication.hpp"
#include "oauth/detail/form.hpp"
#include "oauth/detail/time.hpp"

namespace oauth::detail {
namespace {

namespace json = boost::json;

// An access token has the two dots of a JWS, a refresh token has none; token_type_hint is not needed.
bool looks_like_access_token(std::string_view token) { return std::ranges::count(token, '.') == 2; }

http::Response uncached(const json::object& body) {
  auto response = http::Response::json(200, json::serialize(body));
  response.headers.set("Cache-Control", "no-store");
  return response;
}

http::Response inactive() { return uncached({{"active", false}}); }

bool may_ask(const Client& client, std::string_view owner) { return client.is_confidential() || client.id == owner; }

json::object describe(const AccessTokenClaims& claims) {
  json::object body;
  body["active"] = true;
  body["token_type"] = "Bearer";
  body["client_id"] = claims.client_id;
  body["sub"] = claims.subject;
  body["aud"] = json::array(claims.audience.begin(), claims.audience.end());
  body["iss"] = claims.issuer;
  body["scope"] = claims.scope;
  body["iat"] = unix_seconds(claims.issued);
  body["exp"] = unix_seconds(claims.expires);
  body["jti"] = claims.id;
  return body;
}

json::object describe(const Grant& grant, const std::string& issuer) {
  json::object body;
  body["active"] = true;
  body["client_id"] = grant.client_id;
  body["sub"] = grant.user_id;
  body["aud"] = json::array(grant.audience.begin(), grant.audience.end());
  body["iss"] = issuer;
  body["scope"] = grant.scope;
  return body;
}

struct Owner {
  std::string client_id;
  std::string grant_id;
};

}  // namespace

TokenServices::TokenServices(ClientDirectory& clients, Grants& grants, const TokenVerifier& verifier,
                             std::string issuer)
    : clients_(clients), grants_(grants), verifier_(verifier), issuer_(std::move(issuer)) {}

base::Async<http::Response> TokenServices::revoke(const http::Request& request) {
  const auto form = read_form(request);
  if (!form) co_return form.failure();
  const auto client = co_await authenticate(clients_, request.headers, *form);
  if (!client) co_return client.failure();
  const auto token = required(*form, "token");
  if (!token) co_return token.failure();

  std::optional<Owner> owner;
  if (looks_like_access_token(*token)) {
    if (const auto claims = verifier_.genuine(*token)) owner = Owner{claims->client_id, claims->grant_id};
  } else {
    const auto grant = co_await grants_.find_by_refresh_token(base::SecretString(std::string_view(*token)));
    if (!grant) co_return grant.failure();
    if (*grant) owner = Owner{(*grant)->client_id, (*grant)->id};
  }
  if (!owner) co_return uncached({});
  if (owner->client_id != (*client)->id) {
    co_return base::fail(base::Kind::invalid, "unauthorized_client", "The token was issued to another client.");
  }
  if (auto ended = co_await grants_.revoke(owner->grant_id); !ended) co_return std::move(ended).failure();
  co_return uncached({});
}

base::Async<http::Response> TokenServices::introspect(const http::Request& request) {
  const auto form = read_form(request);
  if (!form) co_return form.failure();
  const auto client = co_await authenticate(clients_, request.headers, *form);
  if (!client) co_return client.failure();
  const auto token = required(*form, "token");
  if (!token) co_return token.failure();

  if (looks_like_access_token(*token)) {
    const auto claims = verifier_.inspect(*token);
    if (!claims || !may_ask(**client, claims->client_id)) co_return inactive();
    co_return uncached(describe(*claims));
  }
  const auto grant = co_await grants_.find_by_refresh_token(base::SecretString(std::string_view(*token)));
  if (!grant) co_return grant.failure();
  if (!*grant || !may_ask(**client, (*grant)->client_id)) co_return inactive();
  co_return uncached(describe(**grant, issuer_));
}

}  // namespace oauth::detail
