#include "oauth/access_token.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/ids.hpp"
#include "oauth/detail/jose.hpp"
#include "oauth/detail/time.hpp"

namespace oauth {
namespace {

namespace json = boost::json;

constexpr std::string_view kType = "at+jwt";

std::optional<std::string> text_of(const json::object& claims, std::string_view name) {
  const auto* const value = claims.if_contains(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string(value->get_string());
}

std::optional<base::Micros> time_of(const json::object& claims, std::string_view name) {
  const auto* const value = claims.if_contains(name);
  if (value == nullptr || !value->is_int64()) return std::nullopt;
  return base::Micros(std::chrono::seconds(value->get_int64()));
}

Audience audience_of(const json::object& claims) {
  Audience audience;
  const auto* const value = claims.if_contains("aud");
  if (value == nullptr) return audience;
  if (value->is_string()) audience.emplace_back(value->get_string());
  if (!value->is_array()) return audience;
  for (const auto& item : value->get_array()) {
    if (item.is_string()) audience.emplace_back(item.get_string());
  }
  return audience;
}

std::optional<AccessTokenClaims> read_claims(std::string_view payload) {
  boost::system::error_code error;
  const auto parsed = json::parse(payload, error);
  if (error || !parsed.is_object()) return std::nullopt;
  const auto& object = parsed.get_object();

  auto issuer = text_of(object, "iss");
  auto subject = text_of(object, "sub");
  auto client_id = text_of(object, "client_id");
  auto grant_id = text_of(object, "grant_id");
  auto scope = text_of(object, "scope");
  auto id = text_of(object, "jti");
  const auto issued = time_of(object, "iat");
  const auto expires = time_of(object, "exp");
  if (!issuer || !subject || !client_id || !grant_id || !scope || !id || !issued || !expires) return std::nullopt;
  return AccessTokenClaims{*std::move(issuer),
                           *std::move(subject),
                           *std::move(client_id),
                           *std::move(grant_id),
                           *std::move(scope),
                           *std::move(id),
                           audience_of(object),
                           *issued,
                           *expires};
}

}  // namespace

std::optional<AccessTokenClaims> read_access_token(std::string_view token, const KeySet& keys) {
  if (token.size() > kAccessTokenLimit) return std::nullopt;
  const auto jws = detail::Jws::parse(token);
  // The algorithm is ours to say, not the token's (RFC 8725 section 3.1).
  if (!jws || jws->header().algorithm != "ES256" || jws->header().type != kType) return std::nullopt;
  const SigningKey* const key = keys.find(jws->header().kid);
  if (key == nullptr) return std::nullopt;
  const auto payload = jws->verified_payload(*key->jwk);
  if (!payload) return std::nullopt;
  return read_claims(*payload);
}

TokenMinter::TokenMinter(const SigningKeys& keys, const base::Clock& clock, base::Random& random,
                         TokenMinterConfig config)
    : keys_(keys), clock_(clock), random_(random), config_(std::move(config)) {}

std::string TokenMinter::mint(const Grant& grant, const Audience& audience) const {
  const auto now = clock_.now();
  json::object claims;
  claims["iss"] = config_.issuer;
  claims["sub"] = grant.user_id;
  if (audience.size() == 1) {
    claims["aud"] = audience.front();
  } else {
    claims["aud"] = json::array(audience.begin(), audience.end());
  }
  claims["client_id"] = grant.client_id;
  claims["grant_id"] = grant.id;
  claims["scope"] = grant.scope;
  claims["iat"] = detail::unix_seconds(now);
  claims["exp"] = detail::unix_seconds(now + config_.lifetime);
  claims["jti"] = base::uuid7(now, random_);
  return detail::sign(*keys_.current()->signer(now).jwk, kType, json::serialize(claims));
}

}  // namespace oauth
