// What request and response parsing share: checks on fields that Beast's parser lets pass.
#pragma once

#include <boost/beast/core/string_type.hpp>
#include <string_view>

namespace http::detail {

[[nodiscard]] inline std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

// Beast joins obsolete line folding (RFC 9112 section 5.2) into a buffer of its own, or skips an empty first line:
// then the value does not stand right behind "name:" and its white space.
[[nodiscard]] inline bool is_folded(std::string_view name, std::string_view value) {
  const char* at = name.data() + name.size() + 1;
  while (*at == ' ' || *at == '\t') ++at;
  return at != value.data();
}

}  // namespace http::detail
