#include "vendor/detail/sse_endpoint.hpp"

#include <fmt/format.h>

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <string>

namespace vendor::detail {
namespace {

base::Failure bad(std::string_view vendor, std::string_view why) {
  return base::fail(base::Kind::vendor_invalid, "vendor.bad_endpoint",
                    fmt::format("vendor {} names an endpoint for messages that {}", vendor, why));
}

}  // namespace

base::Result<http::Url> resolve_endpoint(std::string_view vendor, const http::Url& stream, std::string_view reference) {
  const auto base_text =
      fmt::format("{}://{}{}", stream.origin.tls ? "https" : "http", stream.origin.authority(), stream.target);
  const auto base_url = boost::urls::parse_uri(base_text);
  const auto relative = boost::urls::parse_uri_reference({reference.data(), reference.size()});
  boost::urls::url resolved;
  if (!base_url || !relative || !boost::urls::resolve(*base_url, *relative, resolved)) {
    return bad(vendor, "is no URL");
  }
  auto endpoint = http::parse_url(std::string(resolved.buffer()));
  if (!endpoint) return bad(vendor, "is no URL of an HTTP server");
  if (endpoint->origin != stream.origin) return bad(vendor, "is at another host or port than its stream");
  return endpoint;
}

}  // namespace vendor::detail
