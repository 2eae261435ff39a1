#include "web/detail/sign_in_pages.hpp"

#include "base/error_shape.hpp"
#include "identity/password_rules.hpp"
#include "web/detail/return_to.hpp"

namespace web {
namespace {

int status_of(const base::Error* problem) { return problem == nullptr ? 200 : base::shape(problem->kind).http_status; }

std::string_view reason_words(std::string_view return_to, std::string_view reason) {
  if (reason == "signed-out") return "You are signed out.";
  if (return_to.starts_with(path::kConsent)) return "An application asks for access. Sign in first, then you decide.";
  return "";
}

base::Error link_is_dead(base::Error error) {
  if (error.kind == base::Kind::not_found) {
    error.message =
        "This one-time link works no more: it was used, it has expired, or a newer one was made. Ask the person who "
        "runs this gateway for a new one (on its machine: mcp-gateway user reset).";
  }
  return error;
}

}  // namespace

SignInPages::SignInPages(identity::SignIn& sign_in, identity::BrowserSessions& sessions, identity::OneTimeLinks& links,
                         std::string_view public_url)
    : sign_in_(sign_in), sessions_(sessions), links_(links), cookie_(identity::kSessionCookie, public_url) {}

base::Async<http::Response> SignInPages::root(const Visit& visit) {
  co_return redirect(visit.user ? path::kSettings : path::kLogin);
}

base::Async<http::Response> SignInPages::show_login(const Visit& visit) {
  const auto return_to = safe_return_to(value_of(visit.query, "return_to"));
  if (visit.user) co_return redirect(return_to);
  co_return login_page(visit, return_to, nullptr);
}

base::Async<http::Response> SignInPages::login(const Visit& visit) {
  const auto return_to = safe_return_to(value_of(visit.form, "return_to"));
  identity::SignInRequest request{.login = value_of(visit.form, "login"),
                                  .password = base::SecretString(value_of(visit.form, "password")),
                                  .peer = visit.request->peer,
                                  .user_agent = std::string(visit.request->headers.get("User-Agent"))};

  const auto signed_in = co_await sign_in_.with_password(std::move(request));
  if (!signed_in) {
    const auto& error = signed_in.error();
    const bool theirs = error.kind == base::Kind::unauthenticated || error.kind == base::Kind::too_many;
    if (!theirs) co_return base::Failure(error);
    co_return login_page(visit, return_to, &error);
  }

  if (visit.user) {
    const auto ended = co_await sessions_.end(visit.user->id, visit.session_key);
    if (!ended) co_return ended.failure();
  }
  co_return enter(signed_in->cookie, return_to);
}

base::Async<http::Response> SignInPages::logout(const Visit& visit) {
  const auto ended = co_await sessions_.end(visit.user->id, visit.session_key);
  if (!ended) co_return ended.failure();
  auto response = redirect("/auth/login?reason=signed-out");
  response.headers.add("Set-Cookie", cookie_.clear());
  co_return response;
}

base::Async<http::Response> SignInPages::show_setup(const Visit& visit) {
  auto token = value_of(visit.query, "token");
  const auto link = co_await links_.describe(base::SecretString(std::string_view(token)));
  if (!link) co_return base::Failure(link_is_dead(link.error()));
  co_return setup_page(visit, *link, token, nullptr);
}

base::Async<http::Response> SignInPages::setup(const Visit& visit) {
  auto token = value_of(visit.form, "token");
  const auto link = co_await links_.describe(base::SecretString(std::string_view(token)));
  if (!link) co_return base::Failure(link_is_dead(link.error()));

  const base::SecretString password(value_of(visit.form, "password"));
  if (password.reveal() != base::SecretString(value_of(visit.form, "repeat")).reveal()) {
    const auto problem = base::fail(base::Kind::invalid, "web.repeat", "The two passwords differ.").error();
    co_return setup_page(visit, *link, token, &problem);
  }

  const auto user = co_await links_.redeem(base::SecretString(std::string_view(token)), password);
  if (!user) {
    const auto& error = user.error();
    const bool try_again = error.kind == base::Kind::invalid || error.kind == base::Kind::too_many;
    if (try_again) co_return setup_page(visit, *link, token, &error);
    co_return base::Failure(link_is_dead(error));
  }

  auto cookie = co_await sessions_.create(user->id, std::string(visit.request->headers.get("User-Agent")));
  if (!cookie) co_return std::move(cookie).failure();
  co_return enter(*cookie, path::kSettings);
}

http::Response SignInPages::login_page(const Visit& visit, const std::string& return_to,
                                       const base::Error* problem) const {
  View view;
  view.text("csrf", visit.token(path::kLogin)).text("return_to", return_to);
  view.text("login", value_of(visit.form, "login")).text("problem", problem == nullptr ? "" : problem->message);
  view.text("reason", reason_words(return_to, value_of(visit.query, "reason")));
  auto response = page(status_of(problem), "login.mustache", view, visit.frame("Sign in", Width::narrow));
  if (problem != nullptr && problem->retry_after) {
    response.headers.set("Retry-After", std::to_string(problem->retry_after->count()));
  }
  return response;
}

http::Response SignInPages::setup_page(const Visit& visit, const identity::OneTimeLink& link, const std::string& token,
                                       const base::Error* problem) const {
  const bool is_new = link.purpose == identity::LinkPurpose::set_up;
  const std::string title = is_new ? "Welcome" : "Choose a new password";
  View view;
  view.text("title", title).text("login", link.user.login).text("token", token).text("csrf", visit.token(path::kSetup));
  view.text("explanation", is_new ? "Choose a password. This link works once."
                                  : "The old password stops working, and every browser is signed out.");
  view.text("minimum", std::to_string(identity::kPasswordMin))
      .text("problem", problem == nullptr ? "" : problem->message);
  return page(status_of(problem), "setup.mustache", view, visit.frame(title, Width::narrow));
}

http::Response SignInPages::enter(const base::SecretString& cookie, std::string_view location) const {
  auto response = redirect(location);
  response.headers.add("Set-Cookie", cookie_.set(cookie, sessions_.lifetime()));
  return response;
}

}  // namespace web
