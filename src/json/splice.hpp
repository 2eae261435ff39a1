// Replaces spans of a text without copying it: the result is a short list of pieces for one gather write.
#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace json {

// Views into `text` and the replacements, which must outlive the pieces. At most kMaxReplacements.
class Splice {
 public:
  static constexpr std::size_t kMaxReplacements = 4;

  explicit Splice(std::string_view text) : text_(text) {}

  // `span` must be a view into the text; spans do not overlap. An empty view (nullptr data) is ignored.
  void replace(std::string_view span, std::string_view by);

  // The result in order.
  [[nodiscard]] std::span<const std::string_view> pieces() [[clang::lifetimebound]];
  // The result as one string, with 64 bytes of spare capacity behind it.
  [[nodiscard]] std::string str();

 private:
  struct Replacement {
    std::size_t begin = 0;
    std::size_t length = 0;
    std::string_view by;
  };
  std::string_view text_;
  std::array<Replacement, kMaxReplacements> replacements_{};
  std::size_t count_ = 0;
  std::array<std::string_view, 2 * kMaxReplacements + 1> pieces_{};
};

}  // namespace json
