// Redirect URIs: which ones a client may register, and when a presented one is a registered one.
// RFC 6749 section 3.1.2, RFC 8252 sections 7 and 8.4, RFC 9700 section 4.1. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace oauth {

inline constexpr std::size_t kRedirectUriLimit = 2048;  // bytes

// https with a host; http on the loopback interface (localhost, 127.0.0.1, [::1]); or a private-use scheme of a native
// application ("cursor://…", "com.example.app:/…"). Never a fragment, user information, a scheme that browsers execute
// or open locally, or a query that already holds what the answer will add (code, state, iss, error).
// Errors: invalid, code invalid_redirect_uri (RFC 7591 section 3.2.2).
[[nodiscard]] base::Result<void> check_redirect_uri(std::string_view uri);

// The same bytes; or both on the same loopback host with the same rest, whatever the port (RFC 8252 section 7.3).
[[nodiscard]] bool matches_redirect_uri(std::string_view registered, std::string_view presented);

struct RedirectTarget {
  std::string host;  // "localhost:3335", "app.example.com", "cursor://anysphere": what a person is shown
  bool is_loopback = false;
};
// REQUIRES: check_redirect_uri(uri) has passed.
[[nodiscard]] RedirectTarget redirect_target(std::string_view uri);

// `uri` with the answer's parameters added to its query, percent-encoded; parameters without value are left out.
[[nodiscard]] std::string with_parameters(std::string_view uri,
                                          const std::vector<std::pair<std::string_view, std::string_view>>& parameters);

}  // namespace oauth
