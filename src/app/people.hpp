// What the command line does with people: blocking, on a database of its own, while a gateway may be running on it.
#pragma once

#include <string>
#include <vector>

#include "app/foundation.hpp"
#include "identity/accounts.hpp"

namespace app {

struct IssuedLink {
  identity::User user;
  std::string url;  // one-time
};

// Adds a person and gives the link with which the password is set. Errors: those of Accounts::create.
[[nodiscard]] base::Result<IssuedLink> add_person(const Config& config, Foundation& foundation, identity::NewUser user);
// A link for a forgotten password. Errors: not_found, conflict.
[[nodiscard]] base::Result<IssuedLink> reset_person(const Config& config, Foundation& foundation, std::string login);
[[nodiscard]] base::Result<std::vector<identity::User>> list_people(Foundation& foundation);

// "https://gateway.example" of the configuration, or the listen address.
[[nodiscard]] std::string public_url_of(const Config& config, std::uint16_t port);
[[nodiscard]] std::string set_up_url(const std::string& public_url, const base::SecretString& token);

}  // namespace app
