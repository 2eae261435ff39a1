#include "web/detail/return_to.hpp"

#include <algorithm>

namespace web {

std::string safe_return_to(std::string_view path) {
  constexpr std::size_t kLimit = 16 << 10;
  const auto harmless = [](char c) { return c > ' ' && c < '\x7f' && c != '\\'; };
  const bool safe =
      path.size() <= kLimit && path.starts_with('/') && !path.starts_with("//") && std::ranges::all_of(path, harmless);
  return safe ? std::string(path) : "/settings";
}

}  // namespace web
