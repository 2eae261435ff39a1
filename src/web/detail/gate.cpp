#include "web/detail/gate.hpp"

#include <chrono>

namespace web {
namespace {

using base::Kind;

// No field of a vendor's definition begins with '_'.
constexpr std::string_view kTokenField = "_csrf";

// "application/x-www-form-urlencoded; charset=UTF-8" counts.
bool is_form(std::string_view content_type) {
  constexpr std::string_view kForm = "application/x-www-form-urlencoded";
  return content_type.starts_with(kForm) && (content_type.size() == kForm.size() || content_type[kForm.size()] == ';' ||
                                             content_type[kForm.size()] == ' ');
}

}  // namespace

Gate::Gate(identity::BrowserSessions& sessions, identity::Csrf& csrf, base::Random& random, std::string_view public_url,
           std::size_t form_bytes)
    : sessions_(sessions),
      csrf_(csrf),
      random_(random),
      origin_(identity::origin_of(public_url)),
      form_bytes_(form_bytes),
      session_cookie_(identity::kSessionCookie, public_url),
      pre_cookie_(identity::kPreSessionCookie, public_url) {}

base::Async<Visit> Gate::enter(const http::Request& request, base::SecretString& new_pre_session) {
  auto query = http::Parameters::parse(request.query());
  if (!query) co_return base::fail(Kind::invalid, "web.query", "The address is malformed behind its question mark.");
  Visit visit{.request = &request, .csrf = &csrf_, .query = *std::move(query)};

  const auto recognized = co_await recognize(visit);
  if (!recognized) co_return recognized.failure();

  const auto sent = http::cookie(request.headers, pre_cookie_.name());
  if (sent && csrf_.is_pre_session(*sent)) {
    visit.pre_session = *sent;
    co_return visit;
  }
  new_pre_session = csrf_.make_pre_session(random_);
  visit.pre_session = new_pre_session.reveal();
  co_return visit;
}

base::Async<void> Gate::recognize(Visit& visit) {
  const auto cookie = http::cookie(visit.request->headers, session_cookie_.name());
  if (!cookie) co_return base::Result<void>();

  auto session = co_await sessions_.find(base::SecretString(*cookie));
  if (!session && session.error().kind == Kind::unauthenticated) co_return base::Result<void>();
  if (!session) co_return std::move(session).failure();
  visit.session_key = session->key;
  visit.user = std::move(session->user);
  co_return base::Result<void>();
}

base::Result<void> Gate::admit_form(Visit& visit, std::string_view pattern) const {
  const auto& request = *visit.request;
  if (auto ok = identity::check_origin(request.headers, origin_); !ok) return ok;
  if (request.body.size() > form_bytes_) return base::fail(Kind::too_large, "web.form", "The form is too large.");
  if (!is_form(request.headers.get("Content-Type"))) {
    return base::fail(Kind::invalid, "web.form", "Only a form can be sent here.");
  }

  auto form = http::Parameters::parse(request.body);
  if (!form) return base::fail(Kind::invalid, "web.form", "The form is malformed.");
  visit.form = *std::move(form);
  return csrf_.check(value_of(visit.form, kTokenField), visit.binding(pattern), pattern);
}

std::string Gate::set_pre_session(const base::SecretString& value) const {
  return pre_cookie_.set(value, std::chrono::hours(24));
}

}  // namespace web
