// A person who can sign in, as the other rooms see one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace identity {

inline constexpr std::string_view kOwner = "owner";
inline constexpr std::string_view kMember = "member";

struct User {
  std::string id;            // UUIDv7
  std::string login;         // e-mail address or name, as given; compared without case
  std::string display_name;  // UTF-8 of the person's choice: untrusted, show it escaped
  std::string role;          // kOwner or kMember
  base::Micros created;
  std::optional<base::Micros> disabled;
  bool has_password = false;  // false until a one-time link was redeemed
};

// Who shall be one.
struct NewUser {
  std::string login;
  std::string display_name;  // up to 100 bytes; "": the login
  std::string role = std::string(kMember);
};

}  // namespace identity
