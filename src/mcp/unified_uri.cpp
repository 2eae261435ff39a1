#include "mcp/unified_uri.hpp"

#include <fmt/format.h>

#include "json/document.hpp"
#include "json/splice.hpp"
#include "mcp/detail/members.hpp"
#include "mcp/detail/slug.hpp"

namespace mcp {
namespace {

namespace ondemand = json::ondemand;
using detail::each_element;
using detail::each_member;
using detail::string_at;
using detail::string_of;
using detail::StringField;
using Uris = std::vector<StringField>;

constexpr std::string_view kAppScheme = "ui://";
// A finished task's result stands inside another one.
constexpr int kNestedResults = 2;

void add(const StringField& uri, Uris& uris) {
  if (uri.token.data() != nullptr) uris.push_back(uri);
}

// A content block: {"type":"resource_link","uri":…} or {"type":"resource","resource":{"uri":…}}.
void read_block(ondemand::value value, Uris& uris) {
  StringField own;
  StringField embedded;
  std::string_view type;
  each_member(value, [&](std::string_view key, ondemand::value item) {
    if (key == "type") type = string_of(item).text;
    if (key == "uri") own = string_of(item);
    if (key == "resource") embedded = string_at(item, "uri");
  });
  if (type == "resource_link") add(own, uris);
  if (type == "resource") add(embedded, uris);
}

void read_content(ondemand::value value, Uris& uris) {
  each_element(value, [&](ondemand::value block) { read_block(block, uris); });
}

void read_message(ondemand::value value, Uris& uris) {
  each_member(value, [&](std::string_view key, ondemand::value item) {
    if (key == "content") read_content(item, uris);
  });
}

void read_result(ondemand::value value, int nested, Uris& uris) {
  each_member(value, [&](std::string_view key, ondemand::value item) {
    if (key == "content") return read_content(item, uris);
    if (key == "contents")
      return each_element(item, [&](ondemand::value content) { add(string_at(content, "uri"), uris); });
    if (key == "messages") return each_element(item, [&](ondemand::value message) { read_message(message, uris); });
    if (key == "result" && nested > 1) read_result(item, nested - 1, uris);
  });
}

Uris find_uris(std::string_view message) {
  Uris uris;
  StringField updated;
  std::string_view method;
  detail::each_member_of(message, [&](std::string_view key, ondemand::value item) {
    if (key == "method") method = string_of(item).text;
    if (key == "params") updated = string_at(item, "uri");
    if (key == "result") read_result(item, kNestedResults, uris);
  });
  if (method == "notifications/resources/updated") add(updated, uris);
  return uris;
}

}  // namespace

std::string unified_uri(std::string_view vendor, std::string_view uri) {
  if (!uri.starts_with(kAppScheme)) return fmt::format("{}+{}", vendor, uri);
  return fmt::format("{}{}/{}", kAppScheme, vendor, uri.substr(kAppScheme.size()));
}

std::optional<UnifiedUri> split_unified_uri(std::string_view uri) {
  const bool app = uri.starts_with(kAppScheme);
  const auto rest = app ? uri.substr(kAppScheme.size()) : uri;
  const auto at = rest.find(app ? '/' : '+');
  if (at == std::string_view::npos || !detail::is_slug(rest.substr(0, at))) return std::nullopt;
  const auto own = rest.substr(at + 1);
  // "hudu+ui://app" would be a second name of what is called "ui://hudu/app".
  if (!app && own.starts_with(kAppScheme)) return std::nullopt;
  return UnifiedUri{.vendor = std::string(rest.substr(0, at)), .uri = fmt::format("{}{}", app ? kAppScheme : "", own)};
}

std::vector<std::string_view> uri_tokens(std::string_view message) {
  std::vector<std::string_view> tokens;
  for (const auto& uri : find_uris(message)) tokens.push_back(uri.token);
  return tokens;
}

std::string with_unified_uris(std::string_view message, std::string_view vendor) {
  const auto uris = find_uris(message);
  std::vector<std::string> unified;
  unified.reserve(uris.size());
  json::Splice splice(message);
  for (const auto& uri : uris) {
    unified.push_back(json::quote(unified_uri(vendor, uri.text)));
    splice.replace(uri.token, unified.back());
  }
  return splice.str();
}

}  // namespace mcp
