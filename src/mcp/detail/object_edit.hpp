// Changes the members of a raw JSON object inside a longer text; all other bytes stay.
#pragma once

#include <span>
#include <string_view>

#include "json/splice.hpp"

namespace mcp::detail {

// Takes the members with these keys out of `object`, a part of the splice's text, and puts `added` before all that
// stay: members, each with a comma behind it; the last comma is left out where nothing follows.
// REQUIRES: `object` is valid JSON with json::kPadding readable bytes behind it; `added` outlives the splice.
void change_members(json::Splice& splice, std::string_view object, std::span<const std::string_view> dropped,
                    std::string_view added);

// The same without taking anything out; the object is not walked.
void insert_members(json::Splice& splice, std::string_view object, std::string_view added);

}  // namespace mcp::detail
