// Small documents as Boost.JSON values, for everything off the data path.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace json {

// Strict JSON (RFC 8259), at most 64 levels deep. Errors: invalid, code "json.syntax", with the byte offset.
[[nodiscard]] base::Result<boost::json::value> parse(std::string_view text);
// The same, and must be an object.
[[nodiscard]] base::Result<boost::json::object> parse_object(std::string_view text);

// The text member of that name, "" when absent or of another type.
[[nodiscard]] std::string_view text_at(const boost::json::object& object, std::string_view key);

// A JSON string token with its quotes.
[[nodiscard]] std::string quote(std::string_view text);

}  // namespace json
