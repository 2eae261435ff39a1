// The paths of the pages. '*' stands for one segment, a vendor's slug. A path also names the purpose of the CSRF tokens
// of the forms that post to it.
#pragma once

#include <string_view>

namespace web::path {

inline constexpr std::string_view kRoot = "/";
inline constexpr std::string_view kLogin = "/auth/login";
inline constexpr std::string_view kLogout = "/auth/logout";
inline constexpr std::string_view kSetup = "/auth/setup";
inline constexpr std::string_view kConsent = "/auth/consent";
inline constexpr std::string_view kAuthorizeError = "/auth/authorize-error";
inline constexpr std::string_view kSettings = "/settings";
inline constexpr std::string_view kConnection = "/settings/connections/*";
inline constexpr std::string_view kTest = "/settings/connections/*/test";
inline constexpr std::string_view kDelete = "/settings/connections/*/delete";
inline constexpr std::string_view kConnect = "/settings/connect";
inline constexpr std::string_view kTools = "/settings/connect/tools";
inline constexpr std::string_view kHealth = "/settings/health";
inline constexpr std::string_view kSessions = "/settings/sessions";
inline constexpr std::string_view kSignOutOthers = "/settings/sessions/others";
inline constexpr std::string_view kRevoke = "/settings/sessions/revoke";
inline constexpr std::string_view kStatus = "/status";

// Forms that work without being signed in: their tokens are bound to the browser, not to a session, so that they stay
// good when somebody signs in in another tab meanwhile.
[[nodiscard]] constexpr bool precedes_sign_in(std::string_view pattern) {
  return pattern == kLogin || pattern == kSetup;
}

}  // namespace web::path
