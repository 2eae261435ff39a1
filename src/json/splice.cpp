#include "json/splice.hpp"

#include <algorithm>

namespace json {

void Splice::replace(std::string_view span, std::string_view by) {
  if (span.data() == nullptr) return;
  assert(span.data() >= text_.data() && span.data() + span.size() <= text_.data() + text_.size());
  assert(count_ < kMaxReplacements);
  replacements_[count_++] = {static_cast<std::size_t>(span.data() - text_.data()), span.size(), by};
}

std::span<const std::string_view> Splice::pieces() {
  std::sort(replacements_.begin(), replacements_.begin() + static_cast<std::ptrdiff_t>(count_),
            [](const auto& a, const auto& b) { return a.begin < b.begin; });
  std::size_t used = 0;
  std::size_t at = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    pieces_[used++] = text_.substr(at, replacements_[i].begin - at);
    pieces_[used++] = replacements_[i].by;
    at = replacements_[i].begin + replacements_[i].length;
  }
  pieces_[used++] = text_.substr(at);
  return {pieces_.data(), used};
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
