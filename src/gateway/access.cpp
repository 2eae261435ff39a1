#include "gateway/access.hpp"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <cctype>

namespace gateway {
namespace {

bool is_loopback_name(std::string_view host) {
  return http::equal_without_case(host, "localhost") || host == "127.0.0.1" || host == "[::1]";
}

std::string_view without_port(std::string_view authority) {
  const auto colon = authority.rfind(':');
  const bool has_port = colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos;
  return has_port ? authority.substr(0, colon) : authority;
}

// "https://gateway.example:8443" -> "gateway.example:8443"; "" when it is no such thing.
std::string_view authority_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  const auto rest = url.substr(scheme + 3);
  return rest.substr(0, rest.find('/'));
}

bool contains(const std::vector<std::string>& list, std::string_view text) {
  return std::ranges::any_of(list, [&](const std::string& item) { return http::equal_without_case(item, text); });
}

}  // namespace

base::Result<void> check_origin(const Config& config, const http::Headers& headers) {
  const auto own = authority_of(config.public_url);
  const bool local = is_loopback_name(without_port(own));

  const auto host = headers.get("Host");
  const bool host_is_ours = http::equal_without_case(host, own) || contains(config.allowed_hosts, host) ||
                            contains(config.allowed_hosts, without_port(host)) || is_loopback_name(without_port(host));
  if (!host_is_ours) {
    return base::fail(base::Kind::forbidden, "host.not_allowed",
                      "This Host is not served here; the setting allowed_hosts names further ones.");
  }

  const auto origin = headers.find("Origin");
  if (!origin) return {};
  const auto authority = authority_of(*origin);
  const bool origin_is_ours = http::equal_without_case(authority, own) || contains(config.allowed_origins, *origin) ||
                              (local && is_loopback_name(without_port(authority)));
  if (!origin_is_ours) {
    return base::fail(base::Kind::forbidden, "origin.not_allowed",
                      "This Origin may not call here; the setting allowed_origins names those that may.");
  }
  return {};
}

std::string_view bearer_token(const http::Headers& headers) {
  constexpr std::string_view kScheme = "bearer ";
  const auto value = headers.get("Authorization");
  if (value.size() <= kScheme.size() || !http::equal_without_case(value.substr(0, kScheme.size()), kScheme)) return {};
  const auto token = value.substr(kScheme.size());
  return token.substr(std::min(token.find_first_not_of(' '), token.size()));
}

std::string_view traceparent(const http::Headers& headers) {
  constexpr std::size_t kLength = 55;  // 00-<32>-<16>-<2>
  const auto value = headers.get("traceparent");
  if (value.size() != kLength || value[2] != '-' || value[35] != '-' || value[52] != '-') return {};
  const bool clean = std::ranges::all_of(value, [](char c) {
    return c == '-' || std::isdigit(static_cast<unsigned char>(c)) != 0 || (c >= 'a' && c <= 'f');
  });
  return clean ? value : std::string_view();
}

}  // namespace gateway
