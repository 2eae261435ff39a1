#include "identity/csrf.hpp"

#include <fmt/format.h>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "identity/detail/login.hpp"

namespace identity {
namespace {

base::Failure foreign(std::string_view public_origin, std::string detail) {
  return base::fail(base::Kind::forbidden, "identity.origin",
                    fmt::format("This form was not sent from a page of {}. Open the gateway at that address and try "
                                "again.",
                                public_origin),
                    std::move(detail));
}

}  // namespace

Csrf::Csrf(base::SecretString key) : key_(key), pre_session_(std::move(key), "pre-session") {}

std::string Csrf::token(std::string_view binding, std::string_view purpose) const {
  // The length keeps two pairs apart that are equal when joined.
  const auto text = fmt::format("csrf:{}:{}:{}", purpose.size(), purpose, binding);
  return base::base64url(base::hmac_sha256(key_.reveal(), text));
}

base::Result<void> Csrf::check(std::string_view token, std::string_view binding, std::string_view purpose) const {
  if (!binding.empty() && base::equal_constant_time(token, this->token(binding, purpose))) return {};
  return base::fail(base::Kind::forbidden, "identity.csrf",
                    "This page is out of date, or cookies are blocked. Reload the page and try again.");
}

std::string origin_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  auto origin = detail::fold_case(url.substr(0, url.find_first_of("/?#", scheme + 3)));
  const auto drop_port = [&](std::string_view prefix, std::string_view port) {
    if (origin.starts_with(prefix) && origin.ends_with(port)) origin.resize(origin.size() - port.size());
  };
  drop_port("https://", ":443");
  drop_port("http://", ":80");
  return origin;
}

base::Result<void> check_origin(const http::Headers& headers, std::string_view public_origin) {
  const auto site = headers.get("Sec-Fetch-Site");
  const bool same_origin = site == "same-origin";
  if (!site.empty() && !same_origin) return foreign(public_origin, fmt::format("Sec-Fetch-Site: {}", site));

  const auto origin = headers.get("Origin");
  if (origin.empty() || origin == public_origin) return {};
  if (origin == "null" && same_origin) return {};
  return foreign(public_origin, fmt::format("Origin: {}", origin));
}

}  // namespace identity
