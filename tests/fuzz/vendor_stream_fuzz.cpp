// Whatever a vendor of the modern era says of itself and on its streams, and whatever endpoint one of the oldest
// transport names: objects are cut alike however the bytes come, words are fit for people, no credential goes
// elsewhere.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "json/document.hpp"
#include "vendor/detail/discovery.hpp"
#include "vendor/detail/json_cutter.hpp"
#include "vendor/detail/sse_endpoint.hpp"
#include "vendor/detail/subscription_filter.hpp"

namespace {

constexpr std::size_t kLongestMessage = 1'000;
constexpr std::size_t kObjectLimit = 256;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_words(const std::string& text) {
  require(text.size() <= kLongestMessage);
  for (const char c : text) require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
}

// Everything up to the first error, which is the last entry then.
std::vector<std::string> cut(const std::string& text, std::size_t step) {
  vendor::detail::JsonCutter cutter(kObjectLimit);
  std::vector<std::string> all;
  for (std::size_t at = 0; at < text.size(); at += step) {
    cutter.feed(std::string_view(text).substr(at, step));
    while (true) {
      const auto next = cutter.next();
      if (!next) {
        all.emplace_back(name(next.error().kind));
        return all;
      }
      if (!*next) break;
      require(!(*next)->empty() && (*next)->size() <= kObjectLimit);
      all.push_back(**next);
    }
  }
  return all;
}

void check_discovered(const std::string& text) {
  const auto read = vendor::detail::read_discovered("acme", text);
  if (!read) return check_words(read.error().message);
  if (!*read) return;
  require((*read)->protocol_version == "2026-07-28");
  require(json::parse_object((*read)->result).has_value());
  (void)vendor::detail::ttl_of((*read)->result);
  const auto filter = vendor::detail::offered({.uris = {text}}, (*read)->result);
  require(json::parse_object(vendor::detail::listen_request(2, {.uris = {"file:///a"}})).has_value());
  (void)vendor::detail::is_empty(filter);
}

void check_endpoint(const std::string& text) {
  const auto stream = *http::parse_url("https://vendor.example:8443/mcp/sse?x=1");
  const auto endpoint = vendor::detail::resolve_endpoint("acme", stream, text);
  if (!endpoint) return check_words(endpoint.error().message);
  require(endpoint->origin == stream.origin);
  require(endpoint->target.starts_with('/'));
  require(std::ranges::all_of(endpoint->target, [](char c) { return c > 0x20 && c < 0x7f; }));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  require(cut(text, 1) == cut(text, size == 0 ? 1 : size));
  require(cut(text, 1) == cut(text, size == 0 ? 1 : 1 + data[0] % 7U));
  check_discovered(text);
  check_endpoint(text);
  return 0;
}
