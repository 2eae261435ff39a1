// What an account may be called, and how two logins are compared.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/random.hpp"
#include "identity/user.hpp"

namespace identity::detail {

// Lower case for ASCII; other bytes stay.
[[nodiscard]] std::string fold_case(std::string_view text);
// The account that `wanted` describes, not stored yet.
// Errors: invalid (identity.login, identity.display_name, identity.role), with the rule as the message.
[[nodiscard]] base::Result<User> new_user(NewUser wanted, base::Micros now, base::Random& random);

}  // namespace identity::detail
