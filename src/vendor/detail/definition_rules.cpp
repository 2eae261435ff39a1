#include "vendor/detail/definition_rules.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>

namespace vendor::detail {
namespace {

constexpr std::size_t kLongestSlug = 32;
constexpr std::size_t kLongestName = 64;

// RFC 9110 section 7.6.1, and the framing of a message.
constexpr std::array<std::string_view, 12> kConnectionHeaders{
    "connection", "expect",  "host",    "keep-alive",        "proxy-authenticate", "proxy-authorization",
    "te",         "trailer", "upgrade", "transfer-encoding", "proxy-connection",   "http2-settings"};
// What the gateway or the protocol sets on each request.
constexpr std::array<std::string_view, 4> kGatewayHeaders{"last-event-id", "traceparent", "tracestate", "date"};
constexpr std::array<std::string_view, 4> kGatewayPrefixes{"mcp-", "content-", "accept", "x-gateway-"};

// "/v1/mcp" and the names "gateway__…" belong to the gateway itself.
constexpr std::array<std::string_view, 2> kReservedSlugs{"gateway", "mcp"};

constexpr std::array<std::string_view, 9> kLoaderVariables{
    "PATH", "NODE_OPTIONS", "NODE_PATH", "PYTHONPATH", "PYTHONSTARTUP", "PYTHONHOME", "BASH_ENV", "ENV", "IFS"};
constexpr std::array<std::string_view, 3> kLoaderPrefixes{"LD_", "DYLD_", "BASH_FUNC_"};

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }

// RFC 9110 section 5.6.2.
bool is_token_character(char c) {
  return is_letter(c) || is_digit(c) || std::string_view("!#$%&'*+-.^_`|~").contains(c);
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (auto& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

template <std::size_t N>
bool begins_with_any(std::string_view text, const std::array<std::string_view, N>& prefixes) {
  return std::ranges::any_of(prefixes, [text](std::string_view prefix) { return text.starts_with(prefix); });
}

}  // namespace

std::string wrong_with_slug(std::string_view slug) {
  const bool characters = std::ranges::all_of(slug, [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
  if (slug.empty() || slug.size() > kLongestSlug || !characters || slug.front() == '-' || slug.back() == '-') {
    return fmt::format("expected 1 to {} of a-z, 0-9 and '-' (not first or last), found \"{}\"", kLongestSlug, slug);
  }
  if (std::ranges::find(kReservedSlugs, slug) != kReservedSlugs.end()) {
    return fmt::format("\"{}\" is reserved for the gateway itself; choose another slug", slug);
  }
  return {};
}

std::string wrong_with_field_name(std::string_view name) {
  const bool characters = std::ranges::all_of(name, [](char c) { return is_lower(c) || is_digit(c) || c == '_'; });
  if (name.empty() || name.size() > kLongestName || !characters || !is_lower(name.front())) {
    return fmt::format("expected 1 to {} of a-z, 0-9 and '_', a letter first, found \"{}\"", kLongestName, name);
  }
  return {};
}

std::string wrong_with_header(std::string_view name) {
  if (name.empty() || name.size() > kLongestName || !std::ranges::all_of(name, is_token_character)) {
    return fmt::format("expected the name of an HTTP header (like X-API-Key), found \"{}\"", name);
  }
  const auto lowered = lower(name);
  if (std::ranges::find(kConnectionHeaders, lowered) != kConnectionHeaders.end()) {
    return fmt::format("{} belongs to the HTTP connection; a credential cannot go there", name);
  }
  if (std::ranges::find(kGatewayHeaders, lowered) != kGatewayHeaders.end() ||
      begins_with_any(lowered, kGatewayPrefixes)) {
    return fmt::format("{} is set by the gateway itself; a credential cannot go there", name);
  }
  return {};
}

std::string wrong_with_environment_name(std::string_view name) {
  const bool characters = std::ranges::all_of(name, [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
  if (name.empty() || name.size() > kLongestName || !characters || is_digit(name.front())) {
    return fmt::format("expected the name of an environment variable (like ACME_API_KEY), found \"{}\"", name);
  }
  return {};
}

std::string wrong_with_credential_variable(std::string_view name) {
  if (auto wrong = wrong_with_environment_name(name); !wrong.empty()) return wrong;
  if (std::ranges::find(kLoaderVariables, name) != kLoaderVariables.end() || begins_with_any(name, kLoaderPrefixes)) {
    return fmt::format("{} decides what code a command runs; what a person types cannot go there", name);
  }
  return {};
}

std::string wrong_with_text(std::string_view text, std::size_t longest) {
  if (text.size() > longest) return fmt::format("is longer than {} bytes", longest);
  if (has_control_character(text)) return "holds a line break or another control character";
  if (!simdjson::validate_utf8(text.data(), text.size())) return "is not UTF-8";
  return {};
}

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

}  // namespace vendor::detail
