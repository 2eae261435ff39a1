// Where a reader of a response stands that gets it token by token, as far as names are there that are called otherwise
// on the unified endpoint: those that uri_tokens() and task_id_tokens() find in a whole message.
#pragma once

#include <cstdint>
#include <string_view>

namespace mcp::detail {

// Of an object, or of what an array of such objects holds.
enum class Place : std::uint8_t {
  elsewhere,
  message,
  result,
  inner_result,   // a finished task's, inside its own
  prompt,         // a message of a prompt
  block,          // of content, of a type that is not known yet
  resource_link,  // a block of that type
  resource,       // a block of that type
  contents,       // of a resource
  task,           // or what tells one
  meta,
};

// Of the value of that key in an object at `parent`.
[[nodiscard]] Place place_of_member(Place parent, std::string_view key);
// Of an array that stands there, and of its elements.
[[nodiscard]] Place place_of_array(Place place);
// Of a block whose type is known now.
[[nodiscard]] Place place_of_block(std::string_view type);

// What a string is that stands as the value of that key in an object at `parent`.
enum class NameKind : std::uint8_t { none, uri, task_id };
[[nodiscard]] NameKind name_kind(Place parent, std::string_view key);

}  // namespace mcp::detail
