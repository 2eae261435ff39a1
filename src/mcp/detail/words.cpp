#include "mcp/detail/words.hpp"

#include <simdjson.h>

#include <algorithm>

namespace mcp::detail {

std::string shown(std::string_view words, std::size_t longest) {
  if (!simdjson::validate_utf8(words.data(), words.size())) return "(not UTF-8)";
  std::size_t end = std::min(words.size(), longest);
  while (end > 0 && end < words.size() && (static_cast<unsigned char>(words[end]) & 0xC0U) == 0x80U) --end;
  std::string out(words.substr(0, end));
  std::ranges::replace_if(out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  if (end < words.size()) out += "…";
  return out;
}

}  // namespace mcp::detail
