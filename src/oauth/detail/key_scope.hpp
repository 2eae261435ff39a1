// Under which scope private signing keys are sealed; their identity is the kid.
#pragma once

#include <string_view>

namespace oauth::detail {

inline constexpr std::string_view kSigningKeyScope = "oauth/signing-keys";

}  // namespace oauth::detail
