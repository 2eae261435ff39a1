// What request and response parsing share: checks on fields that Beast's parser lets pass.
#pragma once

#include <boost/beast/core/string_type.hpp>
#include <string_view>

namespace http::detail {

// "0\r\n\r\n". Beast's parser asserts that it sees no less of the last chunk, even when it asks for more itself.
inline constexpr std::size_t kShortestLastChunk = 5;

// Beast counts lines, not the head: the exact limit is checked by the parsers here, and Beast's own stays behind it.
inline constexpr std::size_t kLimitSlack = 16;

// Beast waits for CRLF CRLF before it looks at a line again, and so for ever when a peer ends lines with LF alone.
[[nodiscard]] inline bool has_bare_line_feed(std::string_view text) {
  for (auto at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    if (at > 0 && text[at - 1] != '\r') return true;
  }
  return false;
}

[[nodiscard]] inline std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

// Beast joins obsolete line folding (RFC 9112 section 5.2) into a buffer of its own, or skips an empty first line:
// then the value does not stand right behind "name:" and its white space.
[[nodiscard]] inline bool is_folded(std::string_view name, std::string_view value) {
  const char* at = name.data() + name.size() + 1;
  while (*at == ' ' || *at == '\t') ++at;
  return at != value.data();
}

}  // namespace http::detail
