// What can be a vendor's slug: [a-z0-9-].
#pragma once

#include <algorithm>
#include <string_view>

namespace mcp::detail {

[[nodiscard]] inline bool is_slug(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

}  // namespace mcp::detail
