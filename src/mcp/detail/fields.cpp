#include "mcp/detail/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "mcp/detail/words.hpp"

namespace mcp::detail {

base::Failure bad_json(simdjson::error_code error) {
  return base::fail(base::Kind::invalid, "parse_error",
                    fmt::format("not valid JSON: {}", simdjson::error_message(error)));
}

base::Failure bad_message(std::string message) {
  return base::fail(base::Kind::invalid, "invalid_request", std::move(message));
}

base::Failure stands_twice(std::string_view key, std::string_view where) {
  return bad_message(fmt::format("the key \"{}\" stands twice in {}", shown(key), where));
}

std::string_view twice_in(Keys& keys) {
  constexpr std::size_t kFew = 16;
  if (keys.size() > kFew) {
    std::ranges::sort(keys);
    const auto twice = std::ranges::adjacent_find(keys);
    return twice != keys.end() ? *twice : std::string_view();
  }
  for (std::size_t i = 1; i < keys.size(); ++i) {
    const auto before = std::span(keys).first(i);
    if (std::ranges::find(before, keys[i]) != before.end()) return keys[i];
  }
  return {};
}

base::Result<StringField> take_string(ondemand::value value, std::string_view what) {
  StringField field{.token = json::trimmed(value.raw_json_token()), .text = {}};
  if (value.get_string().get(field.text)) return bad_message(fmt::format("{} must be a string", what));
  return field;
}

bool is_string(ondemand::value& value) {
  ondemand::json_type type{};
  return !value.type().get(type) && type == ondemand::json_type::string;
}

base::Result<std::string_view> take_valid(ondemand::value value, int levels) {
  const auto* const begin = json::begin_of(value);
  std::string_view text;
  if (const auto error = json::validate(value, levels)) return bad_json(error);
  if (const auto error = json::text_from(begin, value, text)) return bad_json(error);
  return text;
}

}  // namespace mcp::detail
