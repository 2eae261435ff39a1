// Steps that the readers of messages share. Errors: invalid with code "parse_error" (not JSON) or "invalid_request".
#pragma once

#include <boost/container/small_vector.hpp>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "json/walk.hpp"

namespace mcp::detail {

namespace ondemand = json::ondemand;

[[nodiscard]] base::Failure bad_json(simdjson::error_code error);
[[nodiscard]] base::Failure bad_message(std::string message);
[[nodiscard]] base::Failure stands_twice(std::string_view key, std::string_view where);

// A string: its raw token with quotes, and its text, which lives until the next walk. `what` names it in the error.
struct StringField {
  std::string_view token;
  std::string_view text;
};
[[nodiscard]] base::Result<StringField> take_string(ondemand::value value, std::string_view what);
[[nodiscard]] bool is_string(ondemand::value& value);

// A value of any type, validated: its raw text.
[[nodiscard]] base::Result<std::string_view> take_valid(ondemand::value value, int levels);

using Keys = boost::container::small_vector<std::string_view, 16>;
// The key that stands there twice; null data when there is none. Many keys are sorted, so that no message costs
// quadratic time; for a few, comparing them all took 616 ns of scan() of a call of 278 bytes instead of 700.
[[nodiscard]] std::string_view twice_in(Keys& keys);

// Calls `take(key, value)` for each member of an object; keys live until the next walk. A key that stands there twice
// is refused: one reader would see the first, another the last.
template <class Take>
base::Result<void> each_field(ondemand::object& object, std::string_view where, Take take) {
  Keys keys;
  for (auto field : object) {
    std::string_view key;
    ondemand::value value;
    if (const auto error = field.unescaped_key().get(key)) return bad_json(error);
    if (const auto error = std::move(field).value().get(value)) return bad_json(error);
    keys.push_back(key);
    if (base::Result<void> taken = take(key, value); !taken) return taken;
  }
  const auto twice = twice_in(keys);
  return twice.data() == nullptr ? base::Result<void>() : stands_twice(twice, where);
}

}  // namespace mcp::detail
