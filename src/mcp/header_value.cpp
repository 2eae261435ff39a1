#include "mcp/header_value.hpp"

#include <simdjson.h>
#include <sodium.h>

#include <algorithm>

#include "base/encoding.hpp"

namespace mcp {
namespace {

constexpr std::string_view kPrefix = "=?base64?";
constexpr std::string_view kSuffix = "?=";

bool is_visible(char c) { return c >= 0x21 && c <= 0x7e; }

// Without white space around it, of which a field loses what it has. An empty value is no plain one either: there are
// proxies that drop empty fields.
bool is_bare(std::string_view value) { return !value.empty() && is_visible(value.front()) && is_visible(value.back()); }

bool is_sentinel(std::string_view value) { return value.starts_with(kPrefix) && value.ends_with(kSuffix); }

std::string base64(std::string_view bytes) {
  std::string out(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(out.data(), out.size(), base::bytes_of(bytes).data(), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
  out.pop_back();  // its NUL
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string out(text.size(), '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  const int failed = sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(),
                                       text.size(), nullptr, &size, &end, sodium_base64_VARIANT_ORIGINAL);
  if (failed != 0 || end != text.data() + text.size()) return std::nullopt;
  out.resize(size);
  return out;
}

}  // namespace

std::string encode_header_value(std::string_view value) {
  const bool plain = is_bare(value) && std::ranges::all_of(value, [](char c) { return is_visible(c) || c == ' '; });
  if (plain && !is_sentinel(value)) return std::string(value);
  return std::string(kPrefix) + base64(value) + std::string(kSuffix);
}

std::optional<std::string> decode_header_value(std::string_view value) {
  if (!is_sentinel(value)) {
    // Tabs are what HTTP allows, though encode_header_value() makes none.
    const auto is_inner = [](char c) { return is_visible(c) || c == ' ' || c == '\t'; };
    const bool plain = value.empty() || (is_bare(value) && std::ranges::all_of(value, is_inner));
    return plain ? std::optional(std::string(value)) : std::nullopt;
  }
  // "=?base64?=", where the ends overlap, is empty for some readers and itself for others.
  if (value.size() < kPrefix.size() + kSuffix.size()) return std::nullopt;
  value.remove_prefix(kPrefix.size());
  value.remove_suffix(kSuffix.size());
  auto decoded = from_base64(value);
  // A value that is no UTF-8 can be in no JSON body.
  if (!decoded || !simdjson::validate_utf8(*decoded)) return std::nullopt;
  return decoded;
}

}  // namespace mcp
