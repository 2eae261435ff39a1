#include "json/splice.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace json {

void Splice::replace(std::string_view span, std::string_view by) {
  if (span.data() == nullptr) return;
  assert(span.data() >= text_.data() && span.data() + span.size() <= text_.data() + text_.size());
  replacements_.push_back({static_cast<std::size_t>(span.data() - text_.data()), span.size(), by});
}

std::span<const std::string_view> Splice::pieces() {
  std::ranges::sort(replacements_, {}, [](const Replacement& r) { return std::pair(r.begin, r.length); });
  pieces_.clear();
  std::size_t at = 0;
  for (const auto& replacement : replacements_) {
    pieces_.push_back(text_.substr(at, replacement.begin - at));
    pieces_.push_back(replacement.by);
    at = replacement.begin + replacement.length;
  }
  pieces_.push_back(text_.substr(at));
  return {pieces_.data(), pieces_.size()};
}

std::string Splice::str() {
  std::string out;
  std::size_t size = 0;
  const auto all = pieces();
  for (const auto piece : all) size += piece.size();
  out.reserve(size + 64);
  for (const auto piece : all) out += piece;
  return out;
}

}  // namespace json
