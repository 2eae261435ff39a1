// The cookie of a browser session: its name, its signed value, its Set-Cookie text (RFC 6265bis).
//
// A value is "<id>.<mac>": 32 random bytes and their HMAC-SHA-256, both in base64url, 87 characters in all. The MAC
// lets a forged value be refused before the database is asked. Pure functions of their arguments; thread-safe.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "base/secret_string.hpp"

namespace identity {

// Makes and checks values. One for browser sessions, one with another label for what precedes sign-in.
class SignedValue {
 public:
  // `label` separates uses of one key: a value made under one label is not good under another.
  SignedValue(base::SecretString key, std::string label) : key_(std::move(key)), label_(std::move(label)) {}

  [[nodiscard]] base::SecretString make(base::Random& random) const;
  // The id inside a genuine value, a view into it; nothing for any other text.
  [[nodiscard]] std::optional<std::string_view> open(std::string_view value [[clang::lifetimebound]]) const;

 private:
  [[nodiscard]] std::string mac(std::string_view id) const;
  base::SecretString key_;
  std::string label_;
};

// Names and attributes. HttpOnly, SameSite=Lax, Path=/; Secure and the __Host- prefix when the public URL is https, so
// that no neighbouring host and no plain-text answer can plant one.
class CookieShape {
 public:
  // `name` without prefix, e.g. "mcpgw"; `public_url` is where browsers reach the gateway.
  CookieShape(std::string_view name, std::string_view public_url);

  [[nodiscard]] const std::string& name() const [[clang::lifetimebound]] { return name_; }
  // Text of a Set-Cookie field.
  [[nodiscard]] std::string set(const base::SecretString& value, std::chrono::seconds max_age) const;
  [[nodiscard]] std::string clear() const;

 private:
  std::string name_;
  bool secure_;
};

inline constexpr std::string_view kSessionCookie = "mcpgw";
// Binds the sign-in form to the browser while there is no session yet.
inline constexpr std::string_view kPreSessionCookie = "mcpgw-pre";

}  // namespace identity
