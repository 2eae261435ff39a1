#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>
#include <optional>

#include "http/client.hpp"
#include "http/detail/characters.hpp"

namespace http {
namespace {

constexpr std::size_t kLongestUrl = 8 << 10;
constexpr std::size_t kLongestHost = 253;  // RFC 1035 section 2.3.4

base::Failure bad(std::string message) { return base::fail(base::Kind::invalid, "http.url", std::move(message)); }

bool is_host_name(std::string_view text) {
  return !text.empty() && text.size() <= kLongestHost && std::ranges::all_of(text, [](char c) {
    return detail::is_alphanumeric(c) || c == '.' || c == '-' || c == '_';
  });
}

std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

}  // namespace

std::string Origin::authority() const {
  const auto name = host.contains(':') ? "[" + host + "]" : host;
  return port == (tls ? 443 : 80) ? name : name + ":" + std::to_string(port);
}

std::string place_name(const Origin& origin) { return (origin.tls ? "https://" : "http://") + origin.authority(); }

base::Result<Url> parse_url(std::string_view text) {
  if (text.size() > kLongestUrl) return bad("The URL is longer than 8192 characters.");
  const auto parsed = boost::urls::parse_uri({text.data(), text.size()});
  if (!parsed) return bad("The text is not an absolute URL.");
  const auto& url = *parsed;
  const auto scheme = url.scheme_id();
  if (scheme != boost::urls::scheme::http && scheme != boost::urls::scheme::https) {
    return bad("The URL must begin with http:// or https://.");
  }
  if (url.has_userinfo()) return bad("The URL must not contain a user name or password.");
  if (url.has_fragment()) return bad("The URL must not contain a fragment (#).");

  Url result;
  auto& origin = result.origin;
  origin.tls = scheme == boost::urls::scheme::https;
  origin.host = std::string(url.host_address());
  std::ranges::transform(origin.host, origin.host.begin(), detail::lower);
  const bool is_v6 = url.host_type() == boost::urls::host_type::ipv6;
  if (!is_v6 && !is_host_name(origin.host)) return bad("The URL names no valid host.");
  if (is_v6 && origin.host.contains('%')) return bad("The URL's address must not have a zone.");
  origin.port = origin.tls ? 443 : 80;
  if (url.has_port()) {
    const auto port = port_of({url.port().data(), url.port().size()});
    if (!port) return bad("The URL's port must be between 1 and 65535.");
    origin.port = *port;
  }
  result.target = std::string(url.encoded_path());
  // Boost.URL 1.81 takes what follows a bad port for a path: "http://[::1]080/", "http://1.2.3.4:80:90/".
  if (!result.target.empty() && !result.target.starts_with('/')) return bad("The text is not an absolute URL.");
  if (result.target.empty()) result.target = "/";
  if (url.has_query()) result.target.append("?").append(std::string(url.encoded_query()));
  return result;
}

}  // namespace http
