#include "identity/sign_in.hpp"

#include <fmt/format.h>

#include <utility>

namespace identity {
namespace {

base::Failure too_many(std::chrono::seconds wait) {
  auto error = base::fail(base::Kind::too_many, "identity.too_many_attempts",
                          fmt::format("Too many attempts to sign in. Wait {} seconds, then try again.", wait.count()));
  error.error().retry_after = wait;
  return error;
}

// Guesses are judged by these; anything else says nothing about the password.
bool was_judged(base::Kind kind) { return kind == base::Kind::unauthenticated; }

}  // namespace

SignIn::SignIn(Accounts& accounts, BrowserSessions& sessions, LoginLimiter& limiter, const base::Clock& clock)
    : accounts_(accounts), sessions_(sessions), limiter_(limiter), clock_(clock) {}

base::Async<SignedIn> SignIn::with_password(SignInRequest request) {
  const auto login = request.login;
  const auto peer = request.peer;
  if (const auto wait = limiter_.begin(login, peer, clock_.steady())) co_return too_many(*wait);

  // A caller who goes away meanwhile keeps the attempt on the account: cancelling is no way around the limit.
  auto signed_in = co_await attempt(std::move(request));
  if (signed_in) {
    limiter_.succeeded(login, peer);
  } else if (!was_judged(signed_in.error().kind)) {
    limiter_.abandoned(login, peer);
  }
  co_return signed_in;
}

base::Async<SignedIn> SignIn::attempt(SignInRequest request) {
  auto user = co_await accounts_.verify_password(std::move(request.login), std::move(request.password));
  if (!user) co_return user.failure();

  auto cookie = co_await sessions_.create(user->id, std::move(request.user_agent));
  if (!cookie) co_return cookie.failure();
  co_return SignedIn{*std::move(user), *std::move(cookie)};
}

}  // namespace identity
