// One request to a page, after the checks that every page shares: who it is, what was sent.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"
#include "identity/csrf.hpp"
#include "identity/user.hpp"
#include "web/detail/page.hpp"
#include "web/detail/paths.hpp"

namespace web {

// Lives in the frame that awaits the page, as does what it points to.
struct Visit {
  const http::Request* request = nullptr;
  const identity::Csrf* csrf = nullptr;
  std::string pre_session = {};             // value of the cookie that forms before sign-in are bound to
  std::optional<identity::User> user = {};  // set on every page that needs somebody signed in
  std::string session_key = {};             // of this browser's session
  http::Parameters query = {};
  http::Parameters form = {};  // of a POST, its CSRF token already checked
  std::string slug = {};       // the path's variable part

  // For the form that posts to `pattern`, one of paths.hpp.
  [[nodiscard]] std::string token(std::string_view pattern) const { return csrf->token(binding(pattern), pattern); }
  [[nodiscard]] const std::string& binding(std::string_view pattern) const [[clang::lifetimebound]] {
    return path::precedes_sign_in(pattern) ? pre_session : session_key;
  }

  [[nodiscard]] Frame frame(std::string title, Width width, std::string current = "") const {
    return {.title = std::move(title),
            .width = width,
            .person = user ? user->login : "",
            .csrf = user ? token(path::kLogout) : "",
            .current = std::move(current)};
  }
};

// The value or "": absent and repeated parameters alike.
[[nodiscard]] inline std::string value_of(const http::Parameters& parameters, std::string_view name) {
  return std::string(parameters.find(name).value_or(""));
}

}  // namespace web
