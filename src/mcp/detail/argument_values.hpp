// What a call's arguments hold at the paths of mirrored parameters.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mcp/request_headers.hpp"

namespace mcp::detail {

struct ArgumentValue {
  // Absent, too, when it is null or no primitive value: no field says such a one.
  enum class Type { absent, text, number, boolean };
  Type type = Type::absent;
  std::string text;  // unescaped; a number's or a boolean's token as it stands
};

// One for each parameter, in their order. `arguments` is valid JSON with kPadding readable bytes behind it, or empty.
// Errors: invalid, when a key stands twice in an object that a path leads through.
[[nodiscard]] base::Result<std::vector<ArgumentValue>> argument_values(const std::vector<MirroredParameter>& parameters,
                                                                       std::string_view arguments);

}  // namespace mcp::detail
