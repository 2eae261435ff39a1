// The program's version. It stands here and nowhere else.
#pragma once

#include <string_view>

// For texts that are put together while compiling.
#define MCPGW_VERSION "0.1.0"

namespace base {

inline constexpr std::string_view kVersion = MCPGW_VERSION;

}  // namespace base
