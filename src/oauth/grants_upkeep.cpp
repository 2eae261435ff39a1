// The part of Grants that runs by the clock: what other processes revoked, and what is over.
#include "oauth/detail/grant_turn.hpp"
#include "oauth/detail/time.hpp"
#include "oauth/grants.hpp"
#include "oauth/grants_sql.hpp"

namespace oauth {
namespace {

// A used code is remembered this long, so that its reuse is noticed.
constexpr std::chrono::hours kCodeMemory{24};
// Replaced refresh tokens and dead grants likewise.
constexpr std::chrono::hours kReuseMemory{24 * 14};

struct Revocation {
  GrantRevoked grant;
  base::Micros when;
};
using Revocations = base::Result<std::vector<Revocation>>;

Revocations revoked_since(store::Connection& connection, base::Micros since) {
  const auto rows = connection.query(sql::kRevokedSince, {detail::micros(since)});
  if (!rows) return rows.failure();
  std::vector<Revocation> all;
  for (const auto& row : *rows) {
    all.push_back({{row.text(0), row.text(1), row.text(2)}, detail::from_micros(row.integer(3))});
  }
  return all;
}

}  // namespace

base::Result<void> Grants::load() {
  const auto since = clock_.now() - config_.access_token_lifetime;
  auto all = database_.read_now([since](store::Connection& connection) { return revoked_since(connection, since); });
  if (!all) return std::move(all).failure();
  for (const auto& [grant, when] : *all) revoked_.add(grant.grant_id, when + config_.access_token_lifetime);
  return {};
}

base::Async<void> Grants::reload() {
  const auto since = clock_.now() - config_.access_token_lifetime;
  auto all =
      co_await database_.read([since](store::Connection& connection) { return revoked_since(connection, since); });
  if (!all) co_return std::move(all).failure();
  for (const auto& [grant, when] : *all) {
    if (revoked_.add(grant.grant_id, when + config_.access_token_lifetime)) revocations_.emit(grant);
  }
  revoked_.prune(clock_.now());
  co_return base::Result<void>();
}

base::Async<void> Grants::collect() {
  const auto now = clock_.now();
  auto done = co_await database_.write([now](store::Connection& connection) -> base::Result<void> {
    const std::int64_t codes = detail::micros(now - kCodeMemory);
    const std::int64_t dead = detail::micros(now - kReuseMemory);
    for (const auto& [statement, before] : {std::pair{sql::kCollectCodes, codes},
                                            {sql::kCollectReplaced, dead},
                                            {sql::kCollectTokensOfDead, dead},
                                            {sql::kCollectGrants, dead}}) {
      if (auto ran = connection.execute(statement, {before}); !ran) return std::move(ran).failure();
    }
    return {};
  });
  co_return done;
}

}  // namespace oauth
