#include "json/document.hpp"

#include <fmt/format.h>

#include <iterator>

namespace json {
namespace {

constexpr std::size_t kMaxDepth = 64;

}  // namespace

base::Result<boost::json::value> parse(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::json::stream_parser parser({}, options);
  boost::json::error_code error;
  const auto consumed = parser.write_some(text.data(), text.size(), error);
  if (!error && consumed < text.size()) error = boost::json::error::extra_data;
  if (!error) parser.finish(error);
  if (error) {
    return base::fail(base::Kind::invalid, "json.syntax",
                      fmt::format("not JSON at byte {}: {}", consumed, error.message()));
  }
  return parser.release();
}

base::Result<boost::json::object> parse_object(std::string_view text) {
  auto value = parse(text);
  if (!value) return std::move(value).failure();
  if (!value->is_object()) return base::fail(base::Kind::invalid, "json.type", "expected a JSON object");
  return std::move(value->get_object());
}

std::string_view text_at(const boost::json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

std::string quote(std::string_view text) {
  constexpr std::string_view kShort = "\"\\\b\f\n\r\t";
  constexpr std::string_view kLetters = "\"\\bfnrt";
  std::string out;
  out.reserve(text.size() + 2);
  out += '"';
  for (const char c : text) {
    if (const auto at = kShort.find(c); at != std::string_view::npos) {
      out.append({'\\', kLetters[at]});
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  out += '"';
  return out;
}

}  // namespace json
