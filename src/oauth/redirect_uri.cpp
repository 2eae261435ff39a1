#include "oauth/redirect_uri.hpp"

#include <algorithm>
#include <array>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>
#include <optional>

#include "base/encoding.hpp"

namespace oauth {
namespace {

namespace urls = boost::urls;

constexpr std::array<std::string_view, 3> kLoopbackHosts{"localhost", "127.0.0.1", "[::1]"};
// Schemes that a browser executes, renders, opens from disk or hands to another protocol. Any other one is taken for a
// native application's: real clients use schemes without the dot that RFC 8252 section 7.1 recommends (cursor, vscode).
constexpr std::array<std::string_view, 22> kDangerousSchemes{
    "about",      "acct",     "blob",        "chrome", "chrome-extension", "data",   "edge",   "feed",     "file",
    "filesystem", "ftp",      "intent",      "jar",    "javascript",       "mailto", "ms-its", "resource", "sms",
    "tel",        "vbscript", "view-source", "ws"};
constexpr std::array<std::string_view, 5> kAnswerParameters{"code", "state", "iss", "error", "error_description"};

struct LoopbackUri {
  std::string_view host;
  std::string_view rest;  // path and query
};

// By bytes, not by a URL parser, so that what is compared is what will be sent to.
std::optional<LoopbackUri> split_loopback(std::string_view uri) {
  constexpr std::string_view kScheme = "http://";
  if (!uri.starts_with(kScheme)) return std::nullopt;
  uri.remove_prefix(kScheme.size());
  const auto* const host = std::ranges::find_if(kLoopbackHosts, [&](auto name) { return uri.starts_with(name); });
  if (host == kLoopbackHosts.end()) return std::nullopt;
  uri.remove_prefix(host->size());
  if (uri.starts_with(':')) {
    uri.remove_prefix(1);
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(uri.data(), uri.data() + uri.size(), port);
    if (error != std::errc() || port == 0) return std::nullopt;
    uri.remove_prefix(static_cast<std::size_t>(end - uri.data()));
  }
  if (!uri.empty() && !uri.starts_with('/') && !uri.starts_with('?')) return std::nullopt;
  return LoopbackUri{*host, uri};
}

base::Failure refuse(std::string message) {
  return base::fail(base::Kind::invalid, "invalid_redirect_uri", std::move(message));
}

bool holds_answer_parameter(const urls::url_view& url) {
  return std::ranges::any_of(kAnswerParameters, [&](std::string_view name) { return url.params().contains(name); });
}

}  // namespace

base::Result<void> check_redirect_uri(std::string_view uri) {
  if (uri.empty() || uri.size() > kRedirectUriLimit) return refuse("A redirect URI has 1 to 2048 characters.");
  const auto parsed = urls::parse_uri(uri);
  if (!parsed) return refuse("A redirect URI is an absolute URI (RFC 3986).");
  const urls::url_view& url = *parsed;
  if (url.has_fragment()) return refuse("A redirect URI has no fragment.");
  if (url.has_userinfo()) return refuse("A redirect URI has no user information.");
  if (holds_answer_parameter(url)) return refuse("A redirect URI's query does not hold code, state, iss or error.");

  const std::string_view scheme = url.scheme();
  if (scheme == "https") {
    if (url.host().empty()) return refuse("An https redirect URI names a host.");
    return {};
  }
  if (scheme == "http") {
    if (!split_loopback(uri)) {
      return refuse("An http redirect URI is on localhost, 127.0.0.1 or [::1]; anything else uses https.");
    }
    return {};
  }
  const bool lower = std::ranges::none_of(scheme, [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!lower || scheme == "wss" || std::ranges::find(kDangerousSchemes, scheme) != kDangerousSchemes.end()) {
    return refuse("This scheme is not allowed in a redirect URI.");
  }
  return {};
}

bool matches_redirect_uri(std::string_view registered, std::string_view presented) {
  if (registered == presented) return true;
  const auto known = split_loopback(registered);
  const auto asked = split_loopback(presented);
  return known && asked && known->host == asked->host && known->rest == asked->rest;
}

RedirectTarget redirect_target(std::string_view uri) {
  RedirectTarget target;
  target.is_loopback = split_loopback(uri).has_value();
  const auto parsed = urls::parse_uri(uri);
  if (!parsed) return target;
  const std::string authority(parsed->encoded_authority());
  if (parsed->scheme() == "https" || parsed->scheme() == "http") {
    target.host = authority;
  } else {
    target.host = std::string(parsed->scheme()) + (authority.empty() ? ":" : "://" + authority);
  }
  return target;
}

std::string with_parameters(std::string_view uri,
                            const std::vector<std::pair<std::string_view, std::string_view>>& parameters) {
  std::string out(uri);
  char separator = uri.contains('?') ? '&' : '?';
  for (const auto& [name, value] : parameters) {
    if (value.empty()) continue;
    out.append(1, separator).append(name).append(1, '=').append(base::percent_encode(value));
    separator = '&';
  }
  return out;
}

}  // namespace oauth
