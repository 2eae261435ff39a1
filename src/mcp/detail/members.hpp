// Steps through parts of a message that may be there or not, of whatever type: what does not fit is passed over.
#pragma once

#include <string_view>

#include "mcp/detail/fields.hpp"

namespace mcp::detail {

// Calls `take(key, value)` for each member if the value is an object.
template <class Take>
void each_member(ondemand::value value, Take take) {
  ondemand::object object;
  if (value.get_object().get(object)) return;
  (void)each_field(object, "", [&](std::string_view key, ondemand::value item) -> base::Result<void> {
    take(key, item);
    return {};
  });
}

// Calls `take(key, value)` for each member of a message.
template <class Take>
void each_member_of(std::string_view message, Take take) {
  ondemand::document document;
  ondemand::value root;
  if (!json::walk(message).get(document) && !document.get_value().get(root)) each_member(root, take);
}

// Calls `take(value)` for each element of an array, or for the value itself when it is none.
template <class Take>
void each_element(ondemand::value value, Take take) {
  ondemand::array array;
  if (value.get_array().get(array)) return take(value);
  for (auto element : array) {
    ondemand::value item;
    if (std::move(element).get(item)) return;
    take(item);
  }
}

// Null data for another type.
[[nodiscard]] inline StringField string_of(ondemand::value value) {
  return is_string(value) ? take_string(value, "").value_or(StringField()) : StringField();
}

// The member of that name of an object, when it is a string.
[[nodiscard]] inline StringField string_at(ondemand::value value, std::string_view name) {
  StringField found;
  each_member(value, [&](std::string_view key, ondemand::value item) {
    if (key == name) found = string_of(item);
  });
  return found;
}

}  // namespace mcp::detail
