#include "web/pages.hpp"

#include <fmt/format.h>

#include <functional>
#include <utility>

#include "base/encoding.hpp"
#include "base/error_shape.hpp"
#include "base/log.hpp"
#include "web/detail/connection_pages.hpp"
#include "web/detail/consent_pages.hpp"
#include "web/detail/embedded.hpp"
#include "web/detail/gate.hpp"
#include "web/detail/settings_pages.hpp"
#include "web/detail/sign_in_pages.hpp"
#include "web/failure.hpp"

namespace web {
namespace {

using base::Kind;
using http::Method;

enum class Access { anyone, signed_in };

bool is_under(std::string_view path, std::string_view prefix) {
  return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

// Whether `path` has the form of `pattern`; '*' takes one segment, which is put into `slug`.
bool matches(std::string_view pattern, std::string_view path, std::string& slug) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return path == pattern;
  const auto tail = pattern.substr(star + 1);
  if (!path.starts_with(pattern.substr(0, star)) || !path.substr(star).ends_with(tail)) return false;
  if (path.size() <= star + tail.size()) return false;
  const auto segment = path.substr(star, path.size() - star - tail.size());
  if (segment.contains('/')) return false;
  slug = segment;
  return true;
}

std::string_view content_type_of(std::string_view name) {
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
  return "image/svg+xml";
}

base::Result<http::Response> asset(const http::Request& request) {
  const auto* file = find_asset(request.path());
  if (file == nullptr) return base::fail(Kind::not_found, "web.asset", "There is no such file.");
  http::Response response;
  response.body = file->content;
  add_page_headers(response.headers);
  response.headers.set("Content-Type", content_type_of(file->name));
  response.headers.set("Cache-Control", "public, max-age=31536000, immutable");
  return response;
}

// An address typed with a slash at its end means the page without it.
std::string_view without_slash(std::string_view path) {
  return path.size() > 1 && path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
}

void log_failure(const base::Error& error, const http::Request& request) {
  base::log::write(base::shape(error.kind).level, "web.failed",
                   {{"path", request.path()},
                    {"kind", base::name(error.kind)},
                    {"code", error.code},
                    {"message", error.message},
                    {"detail", error.detail},
                    {"request", request.request_id}});
}

}  // namespace

// The table of pages, and the steps that lead to one.
class Pages::Routes {
 public:
  Routes(const PagesParts& parts, const PagesConfig& config);
  base::Async<http::Response> answer(const http::Request& request);
  // The methods of that path, for Allow (RFC 9110 section 10.2.1).
  [[nodiscard]] std::string allowed(std::string_view path) const;

 private:
  using Page = std::function<base::Async<http::Response>(const Visit&)>;
  struct Route {
    Method method;
    std::string_view pattern;
    Access access;
    Page page;
  };
  template <class Group>
  void add(Method method, std::string_view pattern, Access access, Group& group,
           base::Async<http::Response> (Group::*page)(const Visit&));
  void add_sign_in_routes();
  void add_settings_routes();

  // Errors: not_found, method_not_allowed.
  [[nodiscard]] base::Result<const Route*> find(Method method, std::string_view path, std::string& slug) const;
  [[nodiscard]] http::Response to_sign_in(const http::Request& request) const;
  base::Async<http::Response> serve(const Route& route, Visit visit);

  Gate gate_;
  SignInPages sign_in_;
  ConsentPages consent_;
  ConnectionPages connections_;
  SettingsPages settings_;
  std::vector<Route> routes_;
};

Pages::Routes::Routes(const PagesParts& parts, const PagesConfig& config)
    : gate_(parts.sessions, parts.csrf, parts.random, config.public_url, config.form_bytes),
      sign_in_(parts.sign_in, parts.sessions, parts.links, config.public_url),
      consent_(parts.desk),
      connections_(parts.credentials, parts.definitions, parts.health, parts.prober, parts.clock, config.public_url),
      settings_(parts.definitions, parts.health, parts.sessions, parts.preferences, parts.grants, parts.clock,
                config.public_url) {
  add_sign_in_routes();
  add_settings_routes();
}

template <class Group>
void Pages::Routes::add(Method method, std::string_view pattern, Access access, Group& group,
                        base::Async<http::Response> (Group::*page)(const Visit&)) {
  routes_.push_back({method, pattern, access, [&group, page](const Visit& visit) { return (group.*page)(visit); }});
}

void Pages::Routes::add_sign_in_routes() {
  using enum Access;
  add(Method::get, path::kRoot, anyone, sign_in_, &SignInPages::root);
  add(Method::get, path::kLogin, anyone, sign_in_, &SignInPages::show_login);
  add(Method::post, path::kLogin, anyone, sign_in_, &SignInPages::login);
  add(Method::post, path::kLogout, signed_in, sign_in_, &SignInPages::logout);
  add(Method::get, path::kSetup, anyone, sign_in_, &SignInPages::show_setup);
  add(Method::post, path::kSetup, anyone, sign_in_, &SignInPages::setup);
  add(Method::get, path::kConsent, signed_in, consent_, &ConsentPages::show);
  add(Method::post, path::kConsent, signed_in, consent_, &ConsentPages::decide);
  add(Method::get, path::kAuthorizeError, anyone, consent_, &ConsentPages::show_error);
}

void Pages::Routes::add_settings_routes() {
  using enum Access;
  add(Method::get, path::kStatus, anyone, settings_, &SettingsPages::health);
  add(Method::get, path::kSettings, signed_in, connections_, &ConnectionPages::overview);
  add(Method::get, path::kConnection, signed_in, connections_, &ConnectionPages::show);
  add(Method::post, path::kConnection, signed_in, connections_, &ConnectionPages::save);
  add(Method::post, path::kTest, signed_in, connections_, &ConnectionPages::test);
  add(Method::get, path::kDelete, signed_in, connections_, &ConnectionPages::confirm_delete);
  add(Method::post, path::kDelete, signed_in, connections_, &ConnectionPages::remove);
  add(Method::get, path::kConnect, signed_in, settings_, &SettingsPages::connect);
  add(Method::post, path::kTools, signed_in, settings_, &SettingsPages::choose_tools);
  add(Method::get, path::kHealth, signed_in, settings_, &SettingsPages::health);
  add(Method::get, path::kSessions, signed_in, settings_, &SettingsPages::sessions);
  add(Method::post, path::kSignOutOthers, signed_in, settings_, &SettingsPages::sign_out_others);
  add(Method::post, path::kRevoke, signed_in, settings_, &SettingsPages::revoke);
}

base::Result<const Pages::Routes::Route*> Pages::Routes::find(Method method, std::string_view path,
                                                              std::string& slug) const {
  const auto wanted = method == Method::head ? Method::get : method;
  bool exists = false;
  for (const auto& route : routes_) {
    if (!matches(route.pattern, path, slug)) continue;
    if (route.method == wanted) return &route;
    exists = true;
  }
  if (exists) return base::fail(Kind::method_not_allowed, "web.method", "");
  return base::fail(Kind::not_found, "web.path", "");
}

std::string Pages::Routes::allowed(std::string_view path) const {
  std::string methods;
  std::string slug;
  for (const auto& route : routes_) {
    if (!matches(route.pattern, without_slash(path), slug)) continue;
    methods.append(methods.empty() ? "" : ", ")
        .append(route.method == Method::get ? "GET, HEAD" : http::name(route.method));
  }
  return methods;
}

base::Async<http::Response> Pages::Routes::answer(const http::Request& request) {
  if (is_under(request.path(), "/assets")) co_return asset(request);

  std::string slug;
  const auto route = find(request.method, without_slash(request.path()), slug);
  if (!route) co_return route.failure();

  base::SecretString new_pre_session;
  auto visit = co_await gate_.enter(request, new_pre_session);
  if (!visit) co_return std::move(visit).failure();
  visit->slug = std::move(slug);

  auto response = co_await serve(**route, *std::move(visit));
  if (response && !new_pre_session.empty() && path::precedes_sign_in((*route)->pattern)) {
    response->headers.add("Set-Cookie", gate_.set_pre_session(new_pre_session));
  }
  co_return response;
}

base::Async<http::Response> Pages::Routes::serve(const Route& route, Visit visit) {
  if (route.access == Access::signed_in && !visit.user) co_return to_sign_in(*visit.request);
  if (route.method == Method::post) {
    if (auto ok = gate_.admit_form(visit, route.pattern); !ok) co_return std::move(ok).failure();
  }
  co_return co_await route.page(visit);
}

// What was posted is lost then; the page of the form is where to go on.
http::Response Pages::Routes::to_sign_in(const http::Request& request) const {
  std::string slug;
  const bool has_page = find(Method::get, without_slash(request.path()), slug).has_value();
  const auto target = has_page ? std::string_view(request.target) : path::kSettings;
  return redirect(fmt::format("{}?return_to={}", path::kLogin, base::percent_encode(target)));
}

Pages::Pages(PagesParts parts, PagesConfig config) : routes_(std::make_unique<Routes>(parts, config)) {}

Pages::~Pages() = default;

bool Pages::owns(std::string_view path) {
  return path == "/" || is_under(path, "/auth") || is_under(path, "/settings") || is_under(path, "/status") ||
         is_under(path, "/assets");
}

base::Async<http::Response> Pages::handle(const http::Request& request) {
  auto response = co_await routes_->answer(request);
  if (response) co_return response;

  log_failure(response.error(), request);
  auto failure = render_failure(response.error(), request);
  if (response.error().kind == Kind::method_not_allowed) failure.headers.set("Allow", routes_->allowed(request.path()));
  co_return failure;
}

}  // namespace web
