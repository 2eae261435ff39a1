#include "oauth/detail/token_endpoint.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cctype>

#include "oauth/detail/client_authentication.hpp"
#include "oauth/detail/form.hpp"

namespace oauth::detail {
namespace {

// RFC 7636 section 4.1: 43 to 128 unreserved characters.
bool is_verifier(std::string_view text) {
  return text.size() >= 43 && text.size() <= 128 && std::ranges::all_of(text, [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_' || c == '~';
         });
}

}  // namespace

TokenEndpoint::TokenEndpoint(ClientDirectory& clients, Grants& grants, const TokenMinter& minter,
                             const Resources& resources)
    : clients_(clients), grants_(grants), minter_(minter), resources_(resources) {}

base::Async<Granted> TokenEndpoint::redeem(const http::Parameters& form, const Client& client) {
  auto code = required(form, "code");
  if (!code) co_return std::move(code).failure();
  auto verifier = required(form, "code_verifier");
  if (!verifier) co_return std::move(verifier).failure();
  if (!is_verifier(*verifier)) {
    co_return base::fail(base::Kind::invalid, "invalid_grant", "code_verifier has 43 to 128 unreserved characters.");
  }
  CodeRedemption redemption{*std::move(code), client.id, std::nullopt, *std::move(verifier)};
  if (const auto uri = form.find("redirect_uri")) redemption.redirect_uri = std::string(*uri);
  co_return co_await grants_.redeem(std::move(redemption));
}

base::Async<Granted> TokenEndpoint::refresh(const http::Parameters& form, const Client& client) {
  auto token = required(form, "refresh_token");
  if (!token) co_return std::move(token).failure();
  co_return co_await grants_.refresh(base::SecretString(*std::move(token)), client.id);
}

http::Response TokenEndpoint::answer(const Granted& granted, const Audience& audience) const {
  boost::json::object body;
  body["access_token"] = minter_.mint(granted.grant, audience);
  body["token_type"] = "Bearer";
  body["expires_in"] = minter_.lifetime().count();
  if (!granted.refresh_token.empty()) body["refresh_token"] = granted.refresh_token.reveal();
  body["scope"] = granted.grant.scope;
  auto response = http::Response::json(200, boost::json::serialize(body));
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("Pragma", "no-cache");
  return response;
}

base::Async<http::Response> TokenEndpoint::handle(const http::Request& request) {
  const auto form = read_form(request);
  if (!form) co_return form.failure();
  const auto type = required(*form, "grant_type");
  if (!type) co_return type.failure();
  if (*type != "authorization_code" && *type != "refresh_token") {
    co_return base::fail(base::Kind::invalid, "unsupported_grant_type",
                         "grant_type is authorization_code or refresh_token.");
  }
  const auto client = co_await authenticate(clients_, request.headers, *form);
  if (!client) co_return client.failure();
  // Asked before anything is used up: a wrong name must not cost the client its code.
  if (auto known = resources_.requested(form->all("resource")); !known) co_return known.failure();

  const bool is_code = *type == "authorization_code";
  auto granted = is_code ? co_await redeem(*form, **client) : co_await refresh(*form, **client);
  if (!granted) co_return std::move(granted).failure();
  const auto audience = resources_.narrowed(granted->grant.audience, form->all("resource"));
  if (!audience) {
    // The code is used up: what it gave would live on with nobody to hold it.
    if (is_code) {
      if (auto ended = co_await grants_.revoke(granted->grant.id); !ended) co_return ended.failure();
    }
    co_return audience.failure();
  }
  co_return answer(*granted, *audience);
}

}  // namespace oauth::detail
