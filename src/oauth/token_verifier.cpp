#include "oauth/token_verifier.hpp"

#include <algorithm>
#include <cstring>
#include <functional>

namespace oauth {
namespace {

base::Failure refuse(std::string message) {
  return base::fail(base::Kind::unauthenticated, "invalid_token", std::move(message));
}

}  // namespace

TokenVerifier::TokenVerifier(const SigningKeys& keys, const RevokedGrants& revoked, const base::Clock& clock,
                             TokenVerifierConfig config)
    : keys_(keys), revoked_(revoked), clock_(clock), config_(std::move(config)) {}

// The name is uniform already. Its first byte chose the shard.
std::size_t TokenVerifier::NameHash::operator()(const Name& name) const {
  std::size_t hash = 0;
  std::memcpy(&hash, name.data() + 8, sizeof hash);
  return hash;
}

std::optional<TokenVerifier::Entry> TokenVerifier::find(const Name& name, std::size_t text_hash) const {
  Shard& place = shard(name);
  const base::Lock lock(place.mutex);
  const auto found = place.entries.find(name);
  if (found == place.entries.end() || found->second.text_hash != text_hash) return std::nullopt;
  return found->second;
}

// A full shard first loses what has expired, then whatever comes first: a miss costs one signature check.
void TokenVerifier::keep(const Name& name, const Entry& entry) const {
  const std::size_t room = std::max<std::size_t>(1, config_.cache_entries / kShards);
  const auto dead = clock_.now() - config_.leeway;
  Shard& place = shard(name);
  const base::Lock lock(place.mutex);
  if (place.entries.size() >= room) {
    std::erase_if(place.entries, [&](const auto& item) { return item.second.principal->expires < dead; });
  }
  if (place.entries.size() >= room) place.entries.erase(place.entries.begin());
  place.entries.insert_or_assign(name, entry);
}

void TokenVerifier::drop(const Name& name) const {
  Shard& place = shard(name);
  const base::Lock lock(place.mutex);
  place.entries.erase(name);
}

std::size_t TokenVerifier::cached() const {
  std::size_t count = 0;
  for (auto& place : shards_) {
    const base::Lock lock(place.mutex);
    count += place.entries.size();
  }
  return count;
}

std::optional<AccessTokenClaims> TokenVerifier::genuine(std::string_view token) const {
  auto claims = read_access_token(token, *keys_.current());
  if (!claims || claims->issuer != config_.issuer) return std::nullopt;
  return claims;
}

std::optional<AccessTokenClaims> TokenVerifier::inspect(std::string_view token) const {
  auto claims = genuine(token);
  if (!claims || claims->expires + config_.leeway <= clock_.now() || revoked_.contains(claims->grant_id)) {
    return std::nullopt;
  }
  return claims;
}

base::Result<TokenVerifier::Entry> TokenVerifier::read(std::string_view token) const {
  auto claims = genuine(token);
  if (!claims) return refuse("The access token is malformed or was not issued here.");
  auto principal = std::make_shared<identity::Principal>();
  principal->subject = std::move(claims->subject);
  principal->client_id = std::move(claims->client_id);
  principal->grant_id = std::move(claims->grant_id);
  principal->scope = std::move(claims->scope);
  principal->expires = claims->expires;
  return Entry{std::move(principal), audiences_.of(claims->audience, std::identity())};
}

bool TokenVerifier::still_good(const identity::Principal& principal) const {
  return principal.expires + config_.leeway > clock_.now() && !revoked_.contains(principal.grant_id);
}

base::Result<void> TokenVerifier::check(const Entry& entry, std::string_view resource) const {
  if (entry.principal->expires + config_.leeway <= clock_.now()) return refuse("The access token has expired.");
  if (revoked_.contains(entry.principal->grant_id)) return refuse("The access was revoked.");
  const auto covers = [&](const std::string& name) { return name == resource || name == config_.issuer; };
  if (std::ranges::none_of(*entry.audience, covers)) return refuse("The access token is for another resource.");
  return {};
}

base::Result<std::shared_ptr<const identity::Principal>> TokenVerifier::verify(std::string_view token,
                                                                               std::string_view resource) const {
  if (token.empty() || token.size() > kAccessTokenLimit) {
    return refuse("The access token is malformed or was not issued here.");
  }
  // Its signature names a token: nobody can guess one, and hashing it costs a fifth of hashing the whole. The other
  // hash is for tokens that were garbled on their way.
  const Name name = name_of_(token.substr(token.rfind('.') + 1));
  const auto text_hash = std::hash<std::string_view>()(token);
  if (const auto known = find(name, text_hash)) {
    if (auto good = check(*known, resource); !good) {
      // Other audiences keep their entry: the token is good elsewhere.
      if (!still_good(*known->principal)) drop(name);
      return std::move(good).failure();
    }
    return known->principal;
  }
  auto entry = read(token);
  if (!entry) return std::move(entry).failure();
  if (auto good = check(*entry, resource); !good) return std::move(good).failure();
  entry->text_hash = text_hash;
  keep(name, *entry);
  return entry->principal;
}

}  // namespace oauth
