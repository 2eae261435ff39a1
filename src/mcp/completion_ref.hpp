// What completion/complete completes an argument of (2025-11-25 server/utilities/completion): params.ref names a prompt
// or a resource template.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace mcp {

struct CompletionRef {
  std::string type;        // "ref/prompt" or "ref/resource"
  std::string_view token;  // the raw string token of its name or uri, with quotes; a view into params
  std::string text;        // unescaped
};

// `params` is raw, inside a text that scan() accepted, with kPadding readable bytes behind it.
// Errors: invalid with code "invalid_params" when there is no such ref.
[[nodiscard]] base::Result<CompletionRef> read_completion_ref(std::string_view params);

}  // namespace mcp
