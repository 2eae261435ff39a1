#include "oauth/detail/grant_turn.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "oauth/detail/time.hpp"
#include "oauth/grants_sql.hpp"

namespace oauth::detail {
namespace {

// Rotations within one grace period; more is not an honest race.
constexpr int kLongestChain = 64;
// What a code that was spent without success has produced.
constexpr std::string_view kNoGrant = "";

Turn refuse(std::string message) {
  return {base::Error{base::Kind::invalid, "invalid_grant", std::move(message), {}, {}}, {}};
}

base::Result<Turn> refuse_and_end(store::Connection& connection, const std::string& grant_id, std::string message,
                                  base::Micros now) {
  auto ended = end_grants(connection, sql::kEndGrant, {grant_id, micros(now)}, now);
  if (!ended) return std::move(ended).failure();
  Turn turn = refuse(std::move(message));
  turn.ended = *std::move(ended);
  return turn;
}

// Every statement in turn; the first failure ends it.
base::Result<void> run_all(store::Connection& connection,
                           std::initializer_list<std::pair<std::string_view, std::vector<store::Value>>> statements) {
  for (const auto& [sql, values] : statements) {
    if (auto done = connection.execute(sql, values); !done) return std::move(done).failure();
  }
  return {};
}

bool proves(std::string_view verifier, std::string_view challenge) {
  return base::equal_constant_time(base::base64url(base::sha256(verifier)), challenge);
}

// Why a code that is there and unused may not be redeemed; "" when it may. None of these costs its owner the code.
std::string objection(const store::Row& code, const CodeRedemption& redemption, base::Micros now) {
  if (code.integer(8) < micros(now)) return "The authorization code has expired; start again.";
  if (code.text(1) != redemption.client_id) return "The authorization code was issued to another client.";
  if (redemption.redirect_uri && *redemption.redirect_uri != code.text(3)) {
    return "The redirect_uri differs from the one of the authorization request.";
  }
  return {};
}

// Whoever has the right client's code and not its verifier has stolen it: it works for nobody any more.
base::Result<Turn> refuse_and_spend(store::Connection& connection, const std::string& code_hash) {
  auto spent = connection.execute(sql::kUseCode, {code_hash, std::string(kNoGrant)});
  if (!spent) return std::move(spent).failure();
  return refuse("The code_verifier does not match the code_challenge; start again.");
}

base::Result<Turn> make_grant(store::Connection& connection, const store::Row& code, const std::string& code_hash,
                              const TurnContext& context) {
  const bool refreshable = code.integer(7) != 0;
  const auto lifetime =
      refreshable ? std::chrono::seconds(context.config.refresh_lifetime) : context.config.access_token_lifetime;
  Granted granted;
  granted.grant = {context.new_grant_id,         code.text(0), code.text(1), code.text(2),
                   split_audience(code.text(5)), code.text(6), context.now,  context.now};
  const auto now = micros(context.now);
  auto stored = run_all(connection, {{sql::kAddGrant,
                                      {granted.grant.id, code.text(0), code.text(1), code.text(2), code.text(5),
                                       code.text(6), now, micros(context.now + lifetime)}},
                                     {sql::kTouchClient, {code.text(1), now}}});
  if (!stored) return std::move(stored).failure();

  const auto used = connection.execute(sql::kUseCode, {code_hash, granted.grant.id});
  if (!used) return used.failure();
  if (*used != 1) return base::fail(base::Kind::invalid, "invalid_grant", "The authorization code was used already.");

  if (refreshable) {
    granted.refresh_token = context.new_refresh_token;
    auto added = connection.execute(sql::kAddRefreshToken,
                                    {base::sha256_hex(granted.refresh_token.reveal()), granted.grant.id, now});
    if (!added) return std::move(added).failure();
  }
  return Turn{std::move(granted), {}};
}

// The newest token of the chain that starts with the successor of `token`, made when it does not exist yet.
base::Result<base::SecretString> newest_successor(store::Connection& connection, const base::SecretString& token,
                                                  const std::string& grant_id, const TurnContext& context) {
  base::SecretString next = context.successor(token.reveal());
  for (int step = 0; step < kLongestChain; ++step) {
    const std::string hash = base::sha256_hex(next.reveal());
    const auto rows = connection.query(sql::kIsReplaced, {hash});
    if (!rows) return rows.failure();
    if (rows->empty()) {
      auto added = connection.execute(sql::kAddRefreshToken, {hash, grant_id, micros(context.now)});
      if (!added) return std::move(added).failure();
      return next;
    }
    if (rows->front().is_null(0)) return next;
    next = context.successor(next.reveal());
  }
  return base::fail(base::Kind::invalid, "invalid_grant", "The refresh token was replaced too often.");
}

}  // namespace

base::Result<std::vector<GrantRevoked>> end_grants(store::Connection& connection, std::string_view sql,
                                                   const std::vector<store::Value>& values, base::Micros now) {
  const auto rows = connection.query(sql, values);
  if (!rows) return rows.failure();
  std::vector<GrantRevoked> ended;
  for (const auto& row : *rows) {
    ended.push_back({row.text(0), row.text(1), row.text(2)});
    // The client is not forgotten right after its last grant ended: it will want a new one.
    auto touched = connection.execute(sql::kTouchClient, {row.text(2), micros(now)});
    if (!touched) return std::move(touched).failure();
  }
  return ended;
}

Grant read_grant(const store::Row& row) {
  return {row.text(0),
          row.text(1),
          row.text(2),
          row.text(3),
          split_audience(row.text(4)),
          row.text(5),
          from_micros(row.integer(6)),
          from_micros(row.integer(7))};
}

base::Result<Turn> redeem_code(store::Connection& connection, const CodeRedemption& redemption,
                               const TurnContext& context) {
  const std::string hash = base::sha256_hex(redemption.code);
  const auto rows = connection.query(sql::kFindCode, {hash});
  if (!rows) return rows.failure();
  if (rows->empty()) return refuse("The authorization code is unknown or has expired; start again.");

  const store::Row& code = rows->front();
  if (!code.is_null(9)) {
    return refuse_and_end(connection, code.text(9),
                          "The authorization code was used already; the access it had given is revoked.", context.now);
  }
  if (auto reason = objection(code, redemption, context.now); !reason.empty()) return refuse(std::move(reason));
  if (!proves(redemption.code_verifier, code.text(4))) return refuse_and_spend(connection, hash);
  return make_grant(connection, code, hash, context);
}

base::Result<Turn> rotate_refresh_token(store::Connection& connection, const base::SecretString& token,
                                        const std::string& client_id, const TurnContext& context) {
  const std::string hash = base::sha256_hex(token.reveal());
  const auto rows = connection.query(sql::kFindRefreshToken, {hash});
  if (!rows) return rows.failure();
  if (rows->empty()) return refuse("The refresh token is unknown; sign in again.");

  const store::Row& row = rows->front();
  Granted granted{read_grant(row), {}};
  if (granted.grant.client_id != client_id) return refuse("The refresh token was issued to another client.");
  if (!row.is_null(9)) return refuse("The access was revoked; sign in again.");
  if (row.integer(8) <= micros(context.now)) return refuse("The refresh token has expired; sign in again.");
  if (!row.is_null(10) && from_micros(row.integer(10)) + context.config.refresh_grace < context.now) {
    return refuse_and_end(connection, granted.grant.id,
                          "The refresh token was replaced before; the access is revoked, sign in again.", context.now);
  }

  const auto now = micros(context.now);
  auto next = newest_successor(connection, token, granted.grant.id, context);
  if (!next) return std::move(next).failure();
  auto noted = run_all(
      connection, {{sql::kReplaceRefreshToken, {hash, now}},
                   {sql::kTouchGrant, {granted.grant.id, now, micros(context.now + context.config.refresh_lifetime)}},
                   {sql::kTouchClient, {client_id, now}}});
  if (!noted) return std::move(noted).failure();
  granted.refresh_token = *std::move(next);
  return Turn{std::move(granted), {}};
}

}  // namespace oauth::detail
