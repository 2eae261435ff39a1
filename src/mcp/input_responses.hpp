// A client's answers to what a server asked for (2026-07-28 basic/patterns/mrtr, "InputResponses").
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace mcp {

struct InputResponse {
  std::string key;          // unescaped
  std::string_view result;  // raw object
};

// `input_responses` is a raw object inside a text that scan() accepted, with kPadding readable bytes behind it.
// Errors: invalid with code "invalid_params" when it is no object of objects.
[[nodiscard]] base::Result<std::vector<InputResponse>> read_input_responses(std::string_view input_responses);

}  // namespace mcp
