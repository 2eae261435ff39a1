// Replaces spans of a text without copying it: the result is a short list of pieces for one gather write.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace json {

// Views into `text` and the replacements, which must outlive the pieces. Up to four replacements allocate nothing.
class Splice {
 public:
  explicit Splice(std::string_view text) : text_(text) {}

  // `span` must be a view into the text; spans do not overlap. A null view (nullptr data) is ignored; one of no length
  // inserts before what stands there.
  void replace(std::string_view span, std::string_view by);

  // The result in order.
  [[nodiscard]] std::span<const std::string_view> pieces() [[clang::lifetimebound]];
  // The result as one string, with 64 bytes of spare capacity behind it.
  [[nodiscard]] std::string str();

 private:
  static constexpr std::size_t kUsual = 4;
  struct Replacement {
    std::size_t begin = 0;
    std::size_t length = 0;
    std::string_view by;
  };
  std::string_view text_;
  boost::container::small_vector<Replacement, kUsual> replacements_;
  boost::container::small_vector<std::string_view, 2 * kUsual + 1> pieces_;
};

}  // namespace json
