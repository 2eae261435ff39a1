#include "web/detail/page.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "web/detail/embedded.hpp"

namespace web {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kNavigation{{
    {"/settings", "Connections"},
    {"/settings/connect", "Connect a client"},
    {"/settings/health", "Vendor health"},
    {"/settings/sessions", "Sessions"},
}};

std::vector<View> navigation(std::string_view current) {
  std::vector<View> entries;
  for (const auto& [path, label] : kNavigation) {
    entries.push_back(View().text("href", path).text("label", label).flag("current", path == current));
  }
  return entries;
}

std::string_view class_of(Width width) {
  switch (width) {
    case Width::wide:
      return "";
    case Width::medium:
      return "medium";
    case Width::narrow:
      return "narrow";
  }
  std::unreachable();
}

std::string policy_text(const PagePolicy& policy) {
  return fmt::format(
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'{}{}; "
      "form-action 'self'{}{}; frame-ancestors 'none'; base-uri 'none'",
      policy.connect.empty() ? "" : " ", policy.connect, policy.form_action.empty() ? "" : " ", policy.form_action);
}

}  // namespace

void add_page_headers(http::Headers& headers, const PagePolicy& policy) {
  headers.set("Content-Security-Policy", policy_text(policy));
  headers.set("Cache-Control", "no-store");
  headers.set("X-Content-Type-Options", "nosniff");
  // Not no-referrer: with it browsers post our own forms with "Origin: null" (Fetch section 3.2), which we refuse.
  headers.set("Referrer-Policy", "same-origin");
  headers.set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
}

http::Response page(int status, std::string_view template_name, const View& content, const Frame& frame) {
  View layout;
  layout.text("title", frame.title).text("width", class_of(frame.width)).text("refresh", frame.refresh);
  layout.text("person", frame.person).text("csrf", frame.csrf).list("navigation", navigation(frame.current));
  layout.text("style", asset_path("style.css")).text("script", asset_path("page.js"));
  layout.text("icon", asset_path("icon.svg")).text("content", fill(template_name, content));

  auto response = http::Response::html(status, fill("layout.mustache", layout));
  add_page_headers(response.headers, frame.policy);
  return response;
}

http::Response redirect(std::string_view location) {
  auto response = http::Response::see_other(location);
  add_page_headers(response.headers);
  return response;
}

}  // namespace web
