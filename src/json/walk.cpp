#include "json/walk.hpp"

#include <algorithm>

namespace json {
namespace {

// A parser keeps about nine times the longest text it has seen; more than this is given back.
constexpr std::size_t kKeptCapacity = std::size_t{1} << 20U;

simdjson::error_code validate_object(ondemand::value& value, int levels, WatchedKeys* watched) {
  ondemand::object object;
  if (const auto error = value.get_object().get(object)) return error;
  for (auto field : object) {
    std::string_view key;
    ondemand::value child;
    if (const auto error = field.unescaped_key().get(key)) return error;
    if (watched != nullptr && std::ranges::find(watched->names, key) != watched->names.end()) watched->seen = true;
    if (const auto error = std::move(field).value().get(child)) return error;
    if (const auto error = validate(child, levels, watched)) return error;
  }
  return simdjson::SUCCESS;
}

simdjson::error_code validate_array(ondemand::value& value, int levels, WatchedKeys* watched) {
  ondemand::array array;
  if (const auto error = value.get_array().get(array)) return error;
  for (auto item : array) {
    ondemand::value child;
    if (const auto error = std::move(item).get(child)) return error;
    if (const auto error = validate(child, levels, watched)) return error;
  }
  return simdjson::SUCCESS;
}

// simdjson reads the padding, and comes as a library that no sanitizer sees into: here one does, so that a text without
// padding is found at once, and not when it happens to end a page.
void touch_padding([[maybe_unused]] std::string_view text) {
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
  const volatile char* const end = text.data() + text.size();
  for (std::size_t i = 0; i < kPadding; ++i) (void)end[i];
#endif
#endif
}

}  // namespace

simdjson::simdjson_result<ondemand::document> walk(std::string_view text) {
  touch_padding(text);
  thread_local ondemand::parser parser;
  if (parser.capacity() > kKeptCapacity && text.size() <= kKeptCapacity) parser = ondemand::parser();
  return parser.iterate(simdjson::padded_string_view(text, text.size() + kPadding));
}

std::string_view trimmed(std::string_view token) { return token.substr(0, token.find_last_not_of(" \t\r\n") + 1); }

simdjson::error_code validate(ondemand::value value, int levels, WatchedKeys* watched) {
  ondemand::json_type type{};
  if (const auto error = value.type().get(type)) return error;
  switch (type) {
    case ondemand::json_type::object:
      return levels == 0 ? simdjson::DEPTH_ERROR : validate_object(value, levels - 1, watched);
    case ondemand::json_type::array:
      return levels == 0 ? simdjson::DEPTH_ERROR : validate_array(value, levels - 1, watched);
    case ondemand::json_type::string:
      return value.get_string().error();
    case ondemand::json_type::number:
      // Not by get_number(), which stays in front of the number and refuses integers of more than 64 bits.
      return value.get_double().error();
    case ondemand::json_type::boolean:
      return value.get_bool().error();
    case ondemand::json_type::null: {
      // By get(): the result's own conversion to bool throws for "nope", which begins like null.
      bool is_null = false;
      if (const auto error = value.is_null().get(is_null)) return error;
      return is_null ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
    }
  }
  return simdjson::INCORRECT_TYPE;
}

simdjson::error_code raw(ondemand::value value, std::string_view& text) {
  ondemand::json_type type{};
  if (const auto error = value.type().get(type)) return error;
  if (type == ondemand::json_type::object) {
    ondemand::object object;
    if (const auto error = value.get_object().get(object)) return error;
    if (const auto error = object.raw_json().get(text)) return error;
  } else if (type == ondemand::json_type::array) {
    ondemand::array array;
    if (const auto error = value.get_array().get(array)) return error;
    if (const auto error = array.raw_json().get(text)) return error;
  } else {
    text = value.raw_json_token();
  }
  text = trimmed(text);
  return simdjson::SUCCESS;
}

const char* begin_of(ondemand::value& value) { return value.raw_json_token().data(); }

simdjson::error_code text_from(const char* begin, ondemand::value& value, std::string_view& text) {
  const char* next = nullptr;
  if (const auto error = value.current_location().get(next)) return error;
  text = trimmed({begin, static_cast<std::size_t>(next - begin)});
  return simdjson::SUCCESS;
}

}  // namespace json
