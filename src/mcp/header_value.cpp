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
bool is_inner(char c) { return is_visible(c) || c == ' ' || c == '\t'; }

bool is_plain(std::string_view value) {
  return value.empty() ||
         (is_visible(value.front()) && is_visible(value.back()) && std::ranges::all_of(value, is_inner));
}

bool is_sentinel(std::string_view value) {
  return value.size() >= kPrefix.size() + kSuffix.size() && value.starts_with(kPrefix) && value.ends_with(kSuffix);
}

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
  if (is_plain(value) && !is_sentinel(value)) return std::string(value);
  return std::string(kPrefix) + base64(value) + std::string(kSuffix);
}

std::optional<std::string> decode_header_value(std::string_view value) {
  if (!is_sentinel(value)) {
    if (!is_plain(value)) return std::nullopt;
    return std::string(value);
  }
  value.remove_prefix(kPrefix.size());
  value.remove_suffix(kSuffix.size());
  auto decoded = from_base64(value);
  // A value that is no UTF-8 can be in no JSON body.
  if (!decoded || !simdjson::validate_utf8(*decoded)) return std::nullopt;
  return decoded;
}

}  // namespace mcp
