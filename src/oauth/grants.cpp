#include "oauth/grants.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/ids.hpp"
#include "oauth/detail/grant_turn.hpp"
#include "oauth/detail/time.hpp"
#include "oauth/grants_sql.hpp"

namespace oauth {
namespace {

using Ended = std::vector<GrantRevoked>;

base::Result<Granted> settle(base::Result<detail::Turn> turn) {
  if (!turn) return std::move(turn).failure();
  if (auto* refusal = std::get_if<base::Error>(&turn->outcome)) return base::Failure(std::move(*refusal));
  return std::get<Granted>(std::move(turn->outcome));
}

}  // namespace

Grants::Grants(store::Database& database, const vault::Sealer& sealer, const base::Clock& clock, base::Random& random,
               RevokedGrants& revoked, GrantsConfig config)
    : database_(database),
      successor_key_(sealer.derive("oauth-refresh-successor")),
      clock_(clock),
      random_(random),
      revoked_(revoked),
      config_(config) {}

// Derived, not random, so that a racing client gets the same successor although only hashes are stored.
base::SecretString Grants::successor(std::string_view token) const {
  return base::SecretString(base::base64url(base::hmac_sha256(successor_key_.reveal(), token)));
}

void Grants::announce(const std::vector<GrantRevoked>& ended) {
  const auto until = clock_.now() + config_.access_token_lifetime;
  for (const auto& grant : ended) {
    if (revoked_.add(grant.grant_id, until)) revocations_.emit(grant);
  }
}

base::Async<base::SecretString> Grants::issue_code(Consent consent) {
  base::SecretString code(random_.token());
  std::vector<store::Value> values{base::sha256_hex(code.reveal()),
                                   std::move(consent.user_id),
                                   std::move(consent.client_id),
                                   std::move(consent.client_name),
                                   std::move(consent.redirect_uri),
                                   std::move(consent.code_challenge),
                                   join(consent.audience),
                                   std::move(consent.scope),
                                   std::int64_t{consent.refreshable ? 1 : 0},
                                   detail::micros(clock_.now() + config_.code_lifetime)};
  auto stored = co_await database_.write([values = std::move(values)](store::Connection& connection) {
    return connection.execute(sql::kAddCode, values);
  });
  if (!stored) co_return std::move(stored).failure();
  co_return code;
}

base::Async<Granted> Grants::redeem(CodeRedemption redemption) {
  detail::TurnContext context{
      clock_.now(), config_, base::uuid7(clock_.now(), random_), base::SecretString(random_.token()), {}};
  auto turn = co_await database_.write(
      [context = std::move(context), redemption = std::move(redemption)](store::Connection& connection) {
        return detail::redeem_code(connection, redemption, context);
      });
  if (turn) announce(turn->ended);
  co_return settle(std::move(turn));
}

base::Async<Granted> Grants::refresh(base::SecretString token, std::string client_id) {
  detail::TurnContext context{
      clock_.now(), config_, {}, {}, [this](std::string_view predecessor) { return successor(predecessor); }};
  auto turn = co_await database_.write([context = std::move(context), token = std::move(token),
                                        client_id = std::move(client_id)](store::Connection& connection) {
    return detail::rotate_refresh_token(connection, token, client_id, context);
  });
  if (turn) announce(turn->ended);
  co_return settle(std::move(turn));
}

base::Async<std::optional<Grant>> Grants::find_by_refresh_token(base::SecretString token) {
  using Found = base::Result<std::optional<Grant>>;
  auto work = [hash = base::sha256_hex(token.reveal()), now = clock_.now(),
               grace = config_.refresh_grace](store::Connection& connection) -> Found {
    const auto rows = connection.query(sql::kFindRefreshToken, {hash});
    if (!rows) return rows.failure();
    if (rows->empty()) return std::nullopt;
    const store::Row& row = rows->front();
    const bool replaced = !row.is_null(10) && detail::from_micros(row.integer(10)) + grace < now;
    if (!row.is_null(9) || row.integer(8) <= detail::micros(now) || replaced) return std::nullopt;
    return detail::read_grant(row);
  };
  co_return co_await database_.read(std::move(work));
}

base::Async<std::vector<Grant>> Grants::list(std::string user_id) {
  using Found = base::Result<std::vector<Grant>>;
  auto work = [user_id = std::move(user_id),
               now = detail::micros(clock_.now())](store::Connection& connection) -> Found {
    const auto rows = connection.query(sql::kListGrants, {user_id, now});
    if (!rows) return rows.failure();
    std::vector<Grant> grants;
    for (const auto& row : *rows) grants.push_back(detail::read_grant(row));
    return grants;
  };
  co_return co_await database_.read(std::move(work));
}

base::Async<void> Grants::revoke(std::string grant_id) {
  auto ended = co_await database_.write([grant_id, now = clock_.now()](store::Connection& connection) {
    return detail::end_grants(connection, sql::kEndGrant, {grant_id, detail::micros(now)}, now);
  });
  if (!ended) co_return std::move(ended).failure();
  announce(*ended);
  co_return base::Result<void>();
}

base::Async<void> Grants::revoke_for(std::string user_id, std::string grant_id) {
  auto ended = co_await database_.write([user_id, grant_id, now = clock_.now()](store::Connection& connection) {
    return detail::end_grants(connection, sql::kEndGrantOfUser, {grant_id, user_id, detail::micros(now)}, now);
  });
  if (!ended) co_return std::move(ended).failure();
  if (ended->empty()) co_return base::fail(base::Kind::not_found, "oauth.grant", "There is no such authorization.");
  announce(*ended);
  co_return base::Result<void>();
}

base::Async<std::int64_t> Grants::revoke_all(std::string user_id) {
  auto ended = co_await database_.write([user_id, now = clock_.now()](store::Connection& connection) {
    return detail::end_grants(connection, sql::kEndAllOfUser, {user_id, detail::micros(now)}, now);
  });
  if (!ended) co_return std::move(ended).failure();
  announce(*ended);
  co_return static_cast<std::int64_t>(ended->size());
}

}  // namespace oauth
