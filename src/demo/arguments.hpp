// Checks a tool's arguments against its own input schema, so that what is announced and what is accepted are one.
// Of JSON Schema: type (string, integer, boolean), enum, minLength, maxLength, minimum, maximum, required; properties
// that the schema does not name are refused.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

namespace demo {

// A sentence that a model can act on, or "" when the arguments fit.
[[nodiscard]] std::string wrong_with(const boost::json::object& schema, const boost::json::object& arguments);

// REQUIRES: checked arguments, of that type.
[[nodiscard]] std::string text(const boost::json::object& arguments, std::string_view name);  // "" when absent
[[nodiscard]] std::int64_t number(const boost::json::object& arguments, std::string_view name, std::int64_t otherwise);

}  // namespace demo
