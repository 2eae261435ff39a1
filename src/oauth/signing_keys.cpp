#include "oauth/signing_keys.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/log.hpp"
#include "oauth/detail/jose.hpp"
#include "oauth/detail/key_scope.hpp"
#include "oauth/detail/time.hpp"

namespace oauth {
namespace {

constexpr std::string_view kAdd =
    "INSERT INTO oauth_signing_keys (kid, sealed, created, signs_from) VALUES ($1, $2, $3, $4)";
constexpr std::string_view kRead =
    "SELECT kid, sealed, created, signs_from FROM oauth_signing_keys ORDER BY signs_from, kid";
constexpr std::string_view kDelete = "DELETE FROM oauth_signing_keys WHERE kid = $1";

std::string public_set(const std::vector<SigningKey>& keys) {
  boost::json::array list;
  for (const auto& key : keys) {
    auto entry = boost::json::parse(key.jwk->public_json()).as_object();
    entry["use"] = "sig";
    entry["alg"] = "ES256";
    list.push_back(std::move(entry));
  }
  boost::json::object set;
  set["keys"] = std::move(list);
  return boost::json::serialize(set);
}

KeySet key_set(std::vector<SigningKey> keys) {
  std::string jwks = public_set(keys);
  return {std::move(keys), std::move(jwks)};
}

}  // namespace

const SigningKey& KeySet::signer(base::Micros now) const {
  const SigningKey* best = &keys.front();
  for (const auto& key : keys) {
    if (key.signs_from <= now) best = &key;
  }
  return *best;
}

const SigningKey* KeySet::find(std::string_view kid) const {
  const auto found = std::ranges::find(keys, kid, &SigningKey::kid);
  return found == keys.end() ? nullptr : &*found;
}

SigningKeys::SigningKeys(store::Database& database, const vault::Sealer& sealer, const base::Clock& clock,
                         base::Random& random, SigningKeysConfig config)
    : database_(database), sealer_(sealer), clock_(clock), random_(random), config_(config) {}

SigningKey SigningKeys::make(base::Micros now, base::Micros signs_from) const {
  const std::string kid = random_.token(12);
  return {kid, std::make_shared<detail::Jwk>(detail::Jwk::generate(kid)), now, signs_from};
}

base::Result<void> SigningKeys::write(store::Connection& connection, const SigningKey& key) const {
  store::Blob sealed{sealer_.seal(detail::kSigningKeyScope, key.kid, key.jwk->private_json().reveal())};
  auto added = connection.execute(
      kAdd, {key.kid, std::move(sealed), detail::micros(key.created), detail::micros(key.signs_from)});
  if (!added) return std::move(added).failure();
  return {};
}

base::Result<std::vector<SigningKey>> SigningKeys::read(store::Connection& connection) const {
  const auto rows = connection.query(kRead, {});
  if (!rows) return rows.failure();
  std::vector<SigningKey> keys;
  for (const auto& row : *rows) {
    const auto opened = sealer_.open(detail::kSigningKeyScope, row.text(0), row.blob(1));
    if (!opened) return base::Failure(base::Error(opened.error()).at("OAuth signing key"));
    auto jwk = detail::Jwk::parse(opened->reveal());
    if (!jwk) return std::move(jwk).failure();
    keys.push_back({row.text(0), std::make_shared<detail::Jwk>(*std::move(jwk)), detail::from_micros(row.integer(2)),
                    detail::from_micros(row.integer(3))});
  }
  return keys;
}

// Inside one transaction, so that two processes do not both rotate.
base::Result<std::vector<SigningKey>> SigningKeys::upkeep(store::Connection& connection, base::Micros now) const {
  auto keys = read(connection);
  if (!keys) return keys;
  const bool is_first = keys->empty();
  if (is_first || keys->back().created + config_.rotate_after <= now) {
    keys->push_back(make(now, is_first ? now : now + config_.publish_ahead));
    if (auto written = write(connection, keys->back()); !written) return std::move(written).failure();
  }
  for (std::size_t next = 1; next < keys->size();) {
    if ((*keys)[next].signs_from + config_.overlap >= now) break;
    auto deleted = connection.execute(kDelete, {keys->front().kid});
    if (!deleted) return std::move(deleted).failure();
    keys->erase(keys->begin());
  }
  return keys;
}

base::Result<void> SigningKeys::load() {
  auto keys = database_.write_now([this](store::Connection& connection) { return upkeep(connection, clock_.now()); });
  if (!keys) return std::move(keys).failure();
  keys_.set(key_set(*std::move(keys)));
  return {};
}

base::Async<std::string> SigningKeys::rotate() {
  const auto now = clock_.now();
  auto keys = co_await database_.write([this, now](store::Connection& connection) {
    auto known = read(connection);
    if (!known) return known;
    known->push_back(make(now, now + config_.publish_ahead));
    if (auto written = write(connection, known->back()); !written) {
      return base::Result<std::vector<SigningKey>>(std::move(written).failure());
    }
    return known;
  });
  if (!keys) co_return std::move(keys).failure();
  std::string kid = keys->back().kid;
  keys_.set(key_set(*std::move(keys)));
  base::log::info("oauth.key_rotated", {{"kid", kid}});
  co_return kid;
}

base::Async<void> SigningKeys::maintain() {
  const auto now = clock_.now();
  auto keys = co_await database_.write([this, now](store::Connection& connection) { return upkeep(connection, now); });
  if (!keys) co_return std::move(keys).failure();
  keys_.set(key_set(*std::move(keys)));
  co_return base::Result<void>();
}

}  // namespace oauth
