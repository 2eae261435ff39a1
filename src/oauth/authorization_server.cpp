#include "oauth/authorization_server.hpp"

#include <atomic>

#include "oauth/clients.hpp"
#include "oauth/detail/registrar.hpp"
#include "oauth/detail/time.hpp"
#include "oauth/detail/token_endpoint.hpp"
#include "oauth/detail/token_services.hpp"

namespace oauth {
namespace {

constexpr std::chrono::hours kCollectEvery{1};
constexpr std::chrono::seconds kOverlapMargin{300};

GrantsConfig grants_config(const Config& config) {
  return {config.code_lifetime, config.refresh_grace, config.refresh_lifetime,
          config.access_token_lifetime + config.access_token_leeway};
}

SigningKeysConfig keys_config(const Config& config) {
  SigningKeysConfig keys;
  keys.rotate_after = config.key_rotation;
  keys.overlap = config.access_token_lifetime + config.access_token_leeway + kOverlapMargin;
  return keys;
}

}  // namespace

// In order of construction: each uses only what stands above it.
struct AuthorizationServer::Parts {
  Parts(Surroundings around, const Config& config)
      : clock(around.clock),
        resources(config.public_url, around.vendors),
        keys(around.database, around.sealer, around.clock, around.random, keys_config(config)),
        grants(around.database, around.sealer, around.clock, around.random, revoked, grants_config(config)),
        clients(around.database, around.clock, around.random, {config.unused_client_lifetime}),
        documents(around.documents, around.clock, config.documents),
        directory(clients, documents),
        minter(keys, around.clock, around.random, {config.public_url, config.access_token_lifetime}),
        verifier(keys, revoked, around.clock, {config.public_url, config.access_token_leeway, config.verified_tokens}),
        authorization(directory, grants, resources),
        tokens(directory, grants, minter, resources),
        services(directory, grants, verifier, config.public_url),
        registrar(clients, around.clock, config.registration),
        endpoint({resources, keys, authorization, tokens, services, registrar}) {}

  const base::Clock& clock;
  Resources resources;
  SigningKeys keys;
  RevokedGrants revoked;
  Grants grants;
  Clients clients;
  MetadataDocuments documents;
  ClientDirectory directory;
  TokenMinter minter;
  TokenVerifier verifier;
  Authorization authorization;
  detail::TokenEndpoint tokens;
  detail::TokenServices services;
  detail::Registrar registrar;
  Endpoint endpoint;
  std::atomic<std::int64_t> collected{0};  // when, in microseconds
};

AuthorizationServer::AuthorizationServer(Surroundings surroundings, Config config)
    : parts_(std::make_unique<Parts>(surroundings, config)) {}

AuthorizationServer::~AuthorizationServer() = default;

base::Result<void> AuthorizationServer::start() {
  if (auto loaded = parts_->keys.load(); !loaded) return loaded;
  return parts_->grants.load();
}

base::Async<void> AuthorizationServer::maintain() {
  if (auto kept = co_await parts_->keys.maintain(); !kept) co_return kept;
  if (auto loaded = co_await parts_->grants.reload(); !loaded) co_return loaded;

  const auto now = parts_->clock.now();
  if (detail::from_micros(parts_->collected.load()) + kCollectEvery > now) co_return base::Result<void>();
  parts_->collected = detail::micros(now);
  if (auto done = co_await parts_->grants.collect(); !done) co_return done;
  if (auto done = co_await parts_->clients.collect(); !done) co_return std::move(done).failure();
  co_return base::Result<void>();
}

Endpoint& AuthorizationServer::endpoint() { return parts_->endpoint; }
const identity::BearerVerifier& AuthorizationServer::verifier() const { return parts_->verifier; }
identity::AuthorizationDesk& AuthorizationServer::desk() { return parts_->authorization; }
Grants& AuthorizationServer::grants() { return parts_->grants; }
SigningKeys& AuthorizationServer::keys() { return parts_->keys; }
base::Signal<GrantRevoked>& AuthorizationServer::revocations() { return parts_->grants.revocations(); }

}  // namespace oauth
