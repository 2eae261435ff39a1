// The form of a request to the token endpoint and its siblings: RFC 6749 section 3.2, Appendix B.
#pragma once

#include "base/error.hpp"
#include "http/message.hpp"

namespace oauth::detail {

inline constexpr std::size_t kFormLimit = 64 << 10;  // bytes

// Errors: invalid_request (another content type, malformed, a parameter other than resource twice); too_large.
[[nodiscard]] base::Result<http::Parameters> read_form(const http::Request& request);

// The parameter, which must be there. Errors: invalid_request.
[[nodiscard]] base::Result<std::string> required(const http::Parameters& form, std::string_view name);

}  // namespace oauth::detail
