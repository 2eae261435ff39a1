#include "demo/arguments.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <vector>

namespace demo {
namespace {

namespace json = boost::json;

// The value as the model wrote it, cut so that a wrong one does not fill the answer.
std::string shown(const json::value& value) {
  constexpr std::size_t kLongest = 80;
  auto text = json::serialize(value);
  if (text.size() > kLongest) text = text.substr(0, kLongest) + "…";
  return text;
}

std::vector<std::string> names_of(const json::object& properties) {
  std::vector<std::string> names;
  for (const auto& [name, schema] : properties) names.emplace_back(name);
  return names;
}

std::string wrong_with_enum(std::string_view name, const json::array& choices, const json::value& value) {
  if (std::ranges::find(choices, value) != choices.end()) return {};
  std::vector<std::string> all;
  for (const auto& choice : choices) all.emplace_back(choice.as_string());
  return fmt::format("\"{}\" must be one of {}; it is {}.", name, fmt::join(all, ", "), shown(value));
}

std::string wrong_with_string(std::string_view name, const json::object& schema, const json::value& value) {
  if (!value.is_string()) return fmt::format("\"{}\" must be a string; it is {}.", name, shown(value));
  const auto length = static_cast<std::int64_t>(value.as_string().size());
  const auto* shortest = schema.if_contains("minLength");
  const auto* longest = schema.if_contains("maxLength");
  if (shortest != nullptr && length < shortest->as_int64()) return fmt::format("\"{}\" must not be empty.", name);
  if (longest != nullptr && length > longest->as_int64()) {
    return fmt::format("\"{}\" may have at most {} bytes; it has {}.", name, longest->as_int64(), length);
  }
  if (const auto* choices = schema.if_contains("enum")) return wrong_with_enum(name, choices->as_array(), value);
  return {};
}

std::string wrong_with_integer(std::string_view name, const json::object& schema, const json::value& value) {
  if (!value.is_int64()) return fmt::format("\"{}\" must be a whole number; it is {}.", name, shown(value));
  const auto low = schema.contains("minimum") ? schema.at("minimum").as_int64() : INT64_MIN;
  const auto high = schema.contains("maximum") ? schema.at("maximum").as_int64() : INT64_MAX;
  if (value.as_int64() >= low && value.as_int64() <= high) return {};
  return fmt::format("\"{}\" must be from {} to {}; it is {}.", name, low, high, value.as_int64());
}

std::string wrong_with_value(std::string_view name, const json::object& schema, const json::value& value) {
  const std::string_view type = schema.at("type").as_string();
  if (type == "string") return wrong_with_string(name, schema, value);
  if (type == "integer") return wrong_with_integer(name, schema, value);
  if (!value.is_bool()) return fmt::format("\"{}\" must be true or false; it is {}.", name, shown(value));
  return {};
}

}  // namespace

std::string wrong_with(const json::object& schema, const json::object& arguments) {
  const auto& properties = schema.at("properties").as_object();
  if (const auto* required = schema.if_contains("required")) {
    for (const auto& name : required->as_array()) {
      if (!arguments.contains(name.as_string())) {
        return fmt::format("\"{}\" is required: {}", std::string_view(name.as_string()),
                           std::string_view(properties.at(name.as_string()).at("description").as_string()));
      }
    }
  }
  for (const auto& [name, value] : arguments) {
    const auto* property = properties.if_contains(name);
    if (property == nullptr) {
      return fmt::format("There is no argument \"{}\"; known are: {}.", std::string_view(name).substr(0, 80),
                         fmt::join(names_of(properties), ", "));
    }
    if (auto wrong = wrong_with_value(name, property->as_object(), value); !wrong.empty()) return wrong;
  }
  return {};
}

std::string text(const json::object& arguments, std::string_view name) {
  const auto* value = arguments.if_contains(name);
  return value == nullptr ? std::string() : std::string(value->as_string());
}

std::int64_t number(const json::object& arguments, std::string_view name, std::int64_t otherwise) {
  const auto* value = arguments.if_contains(name);
  return value == nullptr ? otherwise : value->as_int64();
}

}  // namespace demo
