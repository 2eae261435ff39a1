// What the targets share that read MCP messages: texts with exactly the padding that its readers require, so that the
// sanitizer finds a reader that goes further, and Boost.JSON as the second opinion.
#pragma once

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "mcp/envelope.hpp"

namespace fuzz {

inline void require(bool holds) {
  if (!holds) std::abort();
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

class Text {
 public:
  explicit Text(std::string_view text) : bytes_(std::make_unique<char[]>(text.size() + mcp::kPadding)) {
    view_ = {bytes_.get(), text.size()};
    std::ranges::copy(text, bytes_.get());
  }
  [[nodiscard]] std::string_view view() const { return view_; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::string_view view_;
};

inline std::optional<boost::json::value> parse(std::string_view text, boost::json::error_code& error) {
  boost::json::parse_options options;
  options.max_depth = 2 * static_cast<std::size_t>(mcp::kMaxDepth);
  auto value = boost::json::parse(boost::json::string_view(text.data(), text.size()), error, {}, options);
  return error ? std::nullopt : std::optional(std::move(value));
}

inline std::optional<boost::json::value> parse(std::string_view text) {
  boost::json::error_code error;
  return parse(text, error);
}

// 1E-31234567890 is JSON, and zero; Boost.JSON knows no such exponents.
inline bool is_beyond_boost(std::string_view text) {
  boost::json::error_code error;
  (void)parse(text, error);
  return error == boost::json::error::exponent_overflow;
}

// Whether two values are the same. What Boost.JSON 1.81 makes of a long number depends in its last digits on what
// stands around it.
inline bool same(const boost::json::value& a, const boost::json::value& b) {
  if (a.is_double() && b.is_double()) {
    if (std::isnan(a.get_double())) return std::isnan(b.get_double());
    return std::abs(a.get_double() - b.get_double()) <= 1e-12 * std::abs(a.get_double());
  }
  if (a.is_array() && b.is_array()) return std::ranges::equal(a.get_array(), b.get_array(), same);
  if (!a.is_object() || !b.is_object()) return a == b;
  return a.get_object().size() == b.get_object().size() && std::ranges::all_of(a.get_object(), [&](const auto& member) {
           const auto* other = b.get_object().if_contains(member.key());
           return other != nullptr && same(member.value(), *other);
         });
}

// A JSON string token, unescaped.
inline std::string unescaped(std::string_view token) {
  const auto value = parse(token);
  require(value && value->is_string());
  return std::string(value->get_string());
}

}  // namespace fuzz
