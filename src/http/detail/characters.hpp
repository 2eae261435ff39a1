// Character classes of RFC 9110 section 5.6 and comparison without case, for ASCII alone.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace http::detail {

[[nodiscard]] constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

[[nodiscard]] constexpr bool equal_without_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i] && lower(a[i]) != lower(b[i])) return false;  // most are written alike
  }
  return true;
}

[[nodiscard]] constexpr bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// A table, because every character of every field name is asked for.
inline constexpr auto kTokenCharacters = [] {
  std::array<bool, 256> table{};
  for (int i = 0; i < 256; ++i) {
    const auto c = static_cast<char>(i);
    table[static_cast<std::size_t>(i)] = is_alphanumeric(c) || std::string_view("!#$%&'*+-.^_`|~").contains(c);
  }
  return table;
}();
[[nodiscard]] constexpr bool is_token_character(char c) { return kTokenCharacters[static_cast<unsigned char>(c)]; }

// Without leading and trailing SP and HTAB.
[[nodiscard]] constexpr std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Whether a comma-separated list (RFC 9110 section 5.6.1) has this member.
[[nodiscard]] constexpr bool list_has(std::string_view list, std::string_view member) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    if (equal_without_case(trimmed(list.substr(0, comma)), member)) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
  return false;
}

}  // namespace http::detail
