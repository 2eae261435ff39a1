#include "oauth/authorization.hpp"

#include <algorithm>
#include <array>

#include "base/encoding.hpp"
#include "oauth/redirect_uri.hpp"

namespace oauth {
namespace {

using base::Error;
using base::Kind;

constexpr std::array<std::string_view, 7> kSingleParameters{
    "response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method"};
constexpr std::size_t kChallengeLength = 43;  // base64url of SHA-256

Error wrong(std::string code, std::string message) {
  return {Kind::invalid, std::move(code), std::move(message), {}, {}};
}

std::string text_of(const http::Parameters& parameters, std::string_view name) {
  return std::string(parameters.find(name).value_or(std::string_view()));
}

// Only what this server reads, so that nothing else travels on.
std::string encode(const http::Parameters& parameters) {
  std::string query;
  for (const auto& [name, value] : parameters.pairs()) {
    if (name != "resource" && std::ranges::find(kSingleParameters, name) == kSingleParameters.end()) continue;
    query.append(query.empty() ? "" : "&").append(name).append("=").append(base::percent_encode(value));
  }
  return query;
}

std::optional<Error> check_proof_key(const http::Parameters& parameters) {
  const auto challenge = parameters.find("code_challenge");
  if (!challenge) return wrong("invalid_request", "code_challenge is missing: PKCE (RFC 7636) is required.");
  if (parameters.find("code_challenge_method") != "S256") {
    return wrong("invalid_request", "code_challenge_method is not S256, the only one accepted.");
  }
  if (challenge->size() != kChallengeLength || !base::from_base64url(*challenge)) {
    return wrong("invalid_request", "code_challenge is not a SHA-256 in base64url.");
  }
  return std::nullopt;
}

std::optional<Error> check_shape(const http::Parameters& parameters) {
  for (const auto name : kSingleParameters) {
    if (parameters.repeated(name)) return wrong("invalid_request", std::string(name) + " stands there twice.");
  }
  const auto type = parameters.find("response_type");
  if (!type) return wrong("invalid_request", "response_type is missing.");
  if (*type != "code") return wrong("unsupported_response_type", "response_type is not code, the only one supported.");
  return check_proof_key(parameters);
}

// Scopes that are unknown here are dropped: clients ask for "openid email profile" when nobody told them otherwise.
// What is left is the one scope there is.
std::string granted_scope() { return std::string(kDefaultScope); }

// Why the redirect URI cannot be trusted.
std::optional<Error> check_redirect(const http::Parameters& parameters, const Client& client) {
  const auto uri = parameters.find("redirect_uri");
  if (!uri) return wrong("invalid_request", "redirect_uri is missing or stands there twice.");
  const auto matches = [&](const std::string& registered) { return matches_redirect_uri(registered, *uri); };
  if (uri->size() > kRedirectUriLimit || std::ranges::none_of(client.metadata.redirect_uris, matches)) {
    return wrong("invalid_request", "redirect_uri is not one that the client registered.");
  }
  return std::nullopt;
}

std::string shown_name(const Client& client) {
  if (!client.metadata.client_name.empty()) return client.metadata.client_name;
  const std::string host = client.document_host();
  return host.empty() ? "An unnamed client" : host;
}

}  // namespace

Authorization::Authorization(ClientDirectory& clients, Grants& grants, const Resources& resources)
    : clients_(clients), grants_(grants), resources_(resources) {}

Authorization::Checked Authorization::judge(const http::Parameters& parameters, std::shared_ptr<const Client> client,
                                            std::string redirect_uri) const {
  const std::string state = text_of(parameters, "state");
  const auto refuse = [&](Error error) {
    std::string redirect = with_parameters(
        redirect_uri,
        {{"error", error.code}, {"error_description", error.message}, {"state", state}, {"iss", resources_.issuer()}});
    return RefusedRequest{std::move(error), std::move(redirect)};
  };
  if (auto bad = check_shape(parameters)) return refuse(*std::move(bad));
  auto audience = resources_.requested(parameters.all("resource"));
  if (!audience) return refuse(std::move(audience).error());

  return CheckedRequest{
      std::move(client),    std::move(redirect_uri), state, granted_scope(), text_of(parameters, "code_challenge"),
      *std::move(audience), encode(parameters)};
}

base::Task<Authorization::Checked> Authorization::check(std::string query) {
  const auto parameters = query.size() > kQueryLimit ? std::nullopt : http::Parameters::parse(query);
  if (!parameters) co_return RefusedRequest{wrong("invalid_request", "The query is malformed or too long."), {}};
  const auto client_id = parameters->find("client_id");
  if (!client_id) co_return RefusedRequest{wrong("invalid_request", "client_id is missing or stands there twice."), {}};

  auto client = co_await clients_.find(std::string(*client_id));
  if (!client) co_return RefusedRequest{std::move(client).error(), {}};
  if (auto bad = check_redirect(*parameters, **client)) co_return RefusedRequest{*std::move(bad), {}};
  co_return judge(*parameters, *std::move(client), text_of(*parameters, "redirect_uri"));
}

base::Async<CheckedRequest> Authorization::checked(std::string query) {
  auto outcome = co_await check(std::move(query));
  if (auto* refused = std::get_if<RefusedRequest>(&outcome)) co_return base::Failure(std::move(refused->error));
  co_return std::get<CheckedRequest>(std::move(outcome));
}

base::Async<identity::AuthorizationRequest> Authorization::describe(std::string query) {
  auto request = co_await checked(std::move(query));
  if (!request) co_return std::move(request).failure();

  const RedirectTarget target = redirect_target(request->redirect_uri);
  identity::AuthorizationRequest shown;
  shown.client_id = request->client->id;
  shown.client_name = shown_name(*request->client);
  shown.client_host = request->client->document_host();
  shown.redirect_uri = request->redirect_uri;
  shown.redirect_host = target.host;
  shown.redirect_is_loopback = target.is_loopback;
  shown.scope = request->scope;
  for (const auto& resource : request->audience) {
    shown.resource.append(shown.resource.empty() ? "" : " ").append(resource);
    shown.resource_name.append(shown.resource_name.empty() ? "" : ", ").append(resources_.display_name(resource));
  }
  co_return shown;
}

base::Async<std::string> Authorization::decide(std::string query, std::string user_id, identity::Decision decision) {
  auto request = co_await checked(std::move(query));
  if (!request) co_return std::move(request).failure();
  if (decision == identity::Decision::deny) {
    co_return with_parameters(request->redirect_uri, {{"error", "access_denied"},
                                                      {"error_description", "The request was denied."},
                                                      {"state", request->state},
                                                      {"iss", resources_.issuer()}});
  }

  Consent consent;
  consent.user_id = std::move(user_id);
  consent.client_id = request->client->id;
  consent.client_name = shown_name(*request->client);
  consent.redirect_uri = request->redirect_uri;
  consent.code_challenge = request->code_challenge;
  consent.audience = request->audience;
  consent.scope = request->scope;
  consent.refreshable = request->client->metadata.refreshable;
  auto code = co_await grants_.issue_code(std::move(consent));
  if (!code) co_return std::move(code).failure();
  co_return with_parameters(request->redirect_uri,
                            {{"code", code->reveal()}, {"state", request->state}, {"iss", resources_.issuer()}});
}

}  // namespace oauth
