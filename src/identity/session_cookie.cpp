#include "identity/session_cookie.hpp"

#include <fmt/format.h>

#include "base/digest.hpp"
#include "base/encoding.hpp"

namespace identity {
namespace {

constexpr std::size_t kIdBytes = 32;
constexpr std::size_t kEncoded = 43;  // of 32 bytes, in base64url without padding
constexpr std::size_t kValue = kEncoded + 1 + kEncoded;

}  // namespace

base::SecretString SignedValue::make(base::Random& random) const {
  const base::SecretString id(random.token(kIdBytes));
  return base::SecretString(fmt::format("{}.{}", id.reveal(), mac(id.reveal())));
}

std::optional<std::string_view> SignedValue::open(std::string_view value) const {
  if (value.size() != kValue || value[kEncoded] != '.') return std::nullopt;
  const auto id = value.substr(0, kEncoded);
  if (!base::equal_constant_time(value.substr(kEncoded + 1), mac(id))) return std::nullopt;
  return id;
}

std::string SignedValue::mac(std::string_view id) const {
  return base::base64url(base::hmac_sha256(key_.reveal(), fmt::format("{}:{}", label_, id)));
}

CookieShape::CookieShape(std::string_view name, std::string_view public_url)
    : secure_(public_url.starts_with("https://")) {
  name_ = secure_ ? fmt::format("__Host-{}", name) : std::string(name);
}

std::string CookieShape::set(const base::SecretString& value, std::chrono::seconds max_age) const {
  return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{}", name_, value.reveal(), max_age.count(),
                     secure_ ? "; Secure" : "");
}

std::string CookieShape::clear() const { return set(base::SecretString(), std::chrono::seconds(0)); }

}  // namespace identity
