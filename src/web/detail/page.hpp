// A page as an answer: content in the layout, with the headers that every page carries.
#pragma once

#include <string>
#include <string_view>

#include "http/message.hpp"
#include "web/detail/view.hpp"

namespace web {

// What this page may do beyond the common policy; origins and schemes in CSP form, "" for none.
struct PagePolicy {
  std::string form_action = {};  // Chromium applies form-action to redirects that follow a form's post, too
  std::string connect = {};
};

enum class Width { wide, medium, narrow };

struct Frame {
  std::string title = {};
  Width width = Width::wide;
  std::string person = {};   // who is signed in; "" for nobody: no navigation then
  std::string csrf = {};     // for the sign-out button; needed when person is set
  std::string current = {};  // path of the navigation's current entry
  std::string refresh = {};  // where to go without JavaScript after a second; "" to stay
  PagePolicy policy = {};
};

[[nodiscard]] http::Response page(int status, std::string_view template_name, const View& content, const Frame& frame);
// Content-Security-Policy, no-store and the rest. For redirects too.
void add_page_headers(http::Headers& headers, const PagePolicy& policy = {});
// 303, with those headers.
[[nodiscard]] http::Response redirect(std::string_view location);

}  // namespace web
