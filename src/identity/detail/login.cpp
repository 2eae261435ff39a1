#include "identity/detail/login.hpp"

#include <simdjson.h>

#include <algorithm>
#include <utility>

#include "base/ids.hpp"

namespace identity::detail {
namespace {

constexpr std::size_t kLoginMax = 254;  // RFC 5321 section 4.5.3.1.3, less the angle brackets
constexpr std::size_t kDisplayNameMax = 100;

bool is_login_character(char c) {
  constexpr std::string_view kMarks = "._%+@-";
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || kMarks.contains(c);
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20U || c == 0x7F; }

bool is_login(std::string_view text) {
  return !text.empty() && text.size() <= kLoginMax && std::ranges::all_of(fold_case(text), is_login_character);
}

bool is_display_name(std::string_view text) {
  return text.size() <= kDisplayNameMax && std::ranges::none_of(text, is_control) &&
         simdjson::validate_utf8(text.data(), text.size());
}

}  // namespace

std::string fold_case(std::string_view text) {
  std::string folded(text);
  for (char& c : folded) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return folded;
}

base::Result<User> new_user(NewUser wanted, base::Micros now, base::Random& random) {
  if (!is_login(wanted.login)) {
    return base::fail(base::Kind::invalid, "identity.login",
                      "A login is an e-mail address or a name of 1 to 254 characters: letters a to z, digits, and "
                      ". _ % + @ -");
  }
  if (wanted.display_name.empty()) wanted.display_name = wanted.login.substr(0, kDisplayNameMax);
  if (!is_display_name(wanted.display_name)) {
    return base::fail(base::Kind::invalid, "identity.display_name",
                      "A display name is 1 to 100 bytes of UTF-8 text on one line.");
  }
  if (wanted.role != kOwner && wanted.role != kMember) {
    return base::fail(base::Kind::invalid, "identity.role", "A role is \"owner\" or \"member\".");
  }
  return User{.id = base::uuid7(now, random),
              .login = std::move(wanted.login),
              .display_name = std::move(wanted.display_name),
              .role = std::move(wanted.role),
              .created = now,
              .disabled = std::nullopt};
}

}  // namespace identity::detail
