// Words of others inside messages of ours: they must be text, on one line, and not long.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mcp::detail {

// At most `longest` bytes, cut between characters and then with "…" behind; control characters become spaces.
[[nodiscard]] std::string shown(std::string_view words, std::size_t longest = 100);

}  // namespace mcp::detail
