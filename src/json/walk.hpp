// Walks JSON text with simdjson On-Demand: no tree, and everything found is a view into the text.
// simdjson validates only what is visited. Thread-safe, with one parser per thread: a document, its values and its
// unescaped strings end when the thread walks the next text.
#pragma once

#include <simdjson.h>

#include <span>
#include <string_view>

namespace json {

namespace ondemand = simdjson::ondemand;

// Bytes that must be readable behind a text that is walked.
inline constexpr std::size_t kPadding = simdjson::SIMDJSON_PADDING;

// REQUIRES: kPadding readable bytes behind `text`.
[[nodiscard]] simdjson::simdjson_result<ondemand::document> walk(std::string_view text);

// Without the white space behind it.
[[nodiscard]] std::string_view trimmed(std::string_view token);

// Whether a member of one of these names stands anywhere in what was validated.
struct WatchedKeys {
  std::span<const std::string_view> names;
  bool seen = false;
};
// Validates everything below `value`; DEPTH_ERROR when it is deeper than that many levels.
[[nodiscard]] simdjson::error_code validate(ondemand::value value, int levels, WatchedKeys* watched = nullptr);
// The text of `value`, which is not validated.
[[nodiscard]] simdjson::error_code raw(ondemand::value value, std::string_view& text);

// The same for a value that the caller walks over himself: where it begins, and then its text.
// REQUIRES: what was walked over last is that value, whole, and it is not the document's own.
[[nodiscard]] const char* begin_of(ondemand::value& value);
[[nodiscard]] simdjson::error_code text_from(const char* begin, ondemand::value& value, std::string_view& text);

}  // namespace json
