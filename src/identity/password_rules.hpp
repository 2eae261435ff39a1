// Which passwords a person may choose (after NIST SP 800-63B section 5.1.1.2: length and a list, no composition rules).
#pragma once

#include <cstddef>
#include <string_view>

#include "base/error.hpp"
#include "base/secret_string.hpp"

namespace identity {

inline constexpr std::size_t kPasswordMin = 10;      // characters (code points)
inline constexpr std::size_t kPasswordMax = 256;     // characters
inline constexpr std::size_t kPasswordBytes = 1024;  // what kPasswordMax can take in UTF-8

// Errors: invalid (identity.password), with the rule that was not met as the message.
[[nodiscard]] base::Result<void> check_password(const base::SecretString& password, std::string_view login);

}  // namespace identity
