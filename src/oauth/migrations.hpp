// The tables of the authorization server: clients, grants, authorization codes, refresh tokens, signing keys.
#pragma once

#include <vector>

#include "store/database.hpp"

namespace oauth {

// In the order to apply, ids "oauth.0001" on.
[[nodiscard]] std::vector<store::Migration> migrations();

}  // namespace oauth
