// What happens inside one transaction on a code or a refresh token. A refusal may have to be committed (a reuse ends
// the grant), so it is a value here and becomes an error only after the commit.
#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "oauth/grants.hpp"

namespace oauth::detail {

struct Turn {
  std::variant<Granted, base::Error> outcome;
  std::vector<GrantRevoked> ended;
};

struct TurnContext {
  base::Micros now;
  GrantsConfig config;
  std::string new_grant_id;
  base::SecretString new_refresh_token;
  std::function<base::SecretString(std::string_view)> successor;
};

// Errors: unavailable.
[[nodiscard]] base::Result<Turn> redeem_code(store::Connection& connection, const CodeRedemption& redemption,
                                             const TurnContext& context);
[[nodiscard]] base::Result<Turn> rotate_refresh_token(store::Connection& connection, const base::SecretString& token,
                                                      const std::string& client_id, const TurnContext& context);

// Runs one of the kEnd… statements. Errors: unavailable.
[[nodiscard]] base::Result<std::vector<GrantRevoked>> end_grants(store::Connection& connection, std::string_view sql,
                                                                 const std::vector<store::Value>& values,
                                                                 base::Micros now);
// The first eight columns of kListGrants.
[[nodiscard]] Grant read_grant(const store::Row& row);

}  // namespace oauth::detail
