// The arguments of gateway__call_tool: which tool to call, with what. They keep their bytes.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace gateway {

// Views into the text that was read; `arguments` is "{}" when there were none.
struct InnerCall {
  std::string name;             // unescaped
  std::string_view name_token;  // raw, with quotes
  std::string_view arguments;   // raw object
};

// `arguments`: raw JSON with kPadding readable bytes behind it, or null data.
// Errors: invalid, telling the model what to change: no name, arguments that are no object, further or repeated keys,
// one of the gateway's own tools.
[[nodiscard]] base::Result<InnerCall> read_inner_call(std::string_view arguments);

}  // namespace gateway
