#include "identity/password_rules.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "identity/detail/login.hpp"

namespace identity {
namespace {

// What remains of the published lists of common passwords once ten characters are asked; compared without case and
// without the digits and marks that people add at the end.
constexpr auto kCommon = std::to_array<std::string_view>({
    "1q2w3e4r5t",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "abcdefghij",
    "administrator",
    "asdfghjkl",
    "babygirl",
    "basketball",
    "changeme",
    "changemenow",
    "chocolate",
    "correcthorsebatterystaple",
    "defaultpassword",
    "football",
    "hello",
    "iloveyou",
    "letmein",
    "letmeinplease",
    "liverpool",
    "manchester",
    "mcpgateway",
    "monkey",
    "mypassword",
    "newpassword",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "password",
    "passwordpassword",
    "princess",
    "q1w2e3r4t5",
    "q1w2e3r4t5y6",
    "qazwsxedc",
    "qazwsxedcrfv",
    "qwerty",
    "qwertyqwerty",
    "qwertyuiop",
    "qwertyuiopasdfghjkl",
    "secret",
    "starwars",
    "sunshine",
    "superman",
    "test",
    "testpassword",
    "thisisapassword",
    "topsecret",
    "trustno1",
    "welcome",
    "welcometo",
    "zaq12wsx",
    "zaq1xsw2cde3",
    "zxcvbnm",
});

base::Failure refuse(std::string rule) { return base::fail(base::Kind::invalid, "identity.password", std::move(rule)); }

// Code points: continuation bytes of UTF-8 do not count.
std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80U; }

std::string_view without_tail(std::string_view text) {
  while (!text.empty() && !is_letter(text.back())) text.remove_suffix(1);
  return text;
}

// "aaaaaaaaaa", "12121212121", "abcabcabcabc".
bool repeats(std::string_view text) {
  constexpr std::size_t kLongestPeriod = 4;
  for (std::size_t period = 1; period <= kLongestPeriod; ++period) {
    if (text.substr(period) == text.substr(0, text.size() - period)) return true;
  }
  return false;
}

// "0123456789", "9876543210", "1234567890".
bool counts(std::string_view text) {
  constexpr std::string_view kUp = "01234567890123456789012345678901234567890";
  constexpr std::string_view kDown = "09876543210987654321098765432109876543210";
  return kUp.contains(text) || kDown.contains(text);
}

bool is_common(std::string_view text) {
  return repeats(text) || counts(text) || std::ranges::find(kCommon, text) != kCommon.end() ||
         std::ranges::find(kCommon, without_tail(text)) != kCommon.end();
}

}  // namespace

base::Result<void> check_password(const base::SecretString& password, std::string_view login) {
  const auto length = characters(password.reveal());
  if (length < kPasswordMin) return refuse("The password is too short: use at least 10 characters.");
  if (length > kPasswordMax || password.size() > kPasswordBytes) {
    return refuse("The password is too long: use at most 256 characters.");
  }
  const base::SecretString folded(detail::fold_case(password.reveal()));
  const auto key = detail::fold_case(login);
  const auto local_part = std::string_view(key).substr(0, key.find('@'));
  if (!local_part.empty() && (folded.reveal() == key || without_tail(folded.reveal()) == local_part)) {
    return refuse("The password is the login name: choose another one.");
  }
  if (is_common(folded.reveal())) {
    return refuse("That password is among the first ones an attacker tries: choose another one.");
  }
  return {};
}

}  // namespace identity
