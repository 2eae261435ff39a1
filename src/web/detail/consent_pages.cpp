#include "web/detail/consent_pages.hpp"

#include <fmt/format.h>

#include <optional>

#include "web/detail/redirect_source.hpp"

namespace web {
namespace {

using identity::AuthorizationRequest;
using identity::Decision;

// Untrusted: a name can be empty, or long enough to push the rest of the page out of sight.
std::string client_words(const AuthorizationRequest& request) {
  constexpr std::size_t kLimit = 80;
  if (request.client_name.empty()) return "An application without a name";
  if (request.client_name.size() <= kLimit) return request.client_name;
  std::size_t end = kLimit;
  while (end > 0 && (static_cast<unsigned char>(request.client_name[end]) & 0xc0) == 0x80) --end;
  return request.client_name.substr(0, end) + "…";
}

std::optional<Decision> decision_of(std::string_view text) {
  if (text == "approve") return Decision::approve;
  if (text == "deny") return Decision::deny;
  return std::nullopt;
}

http::Response hand_over(const Visit& visit, const AuthorizationRequest& request, const std::string& callback,
                         Decision decision) {
  const auto client = client_words(request);
  const bool approved = decision == Decision::approve;
  View view;
  view.text("client", client).text("callback", callback).text("host", request.redirect_host);
  view.text("origin", redirect_origin(callback));
  view.text("heading", approved ? "You are signed in" : "You declined");

  auto frame = visit.frame(fmt::format("Returning to {}", client), Width::narrow);
  frame.refresh = callback;
  frame.policy.connect = redirect_source(callback);
  return page(200, "hand_over.mustache", view, frame);
}

// What helps, by the error codes of RFC 6749 section 4.1.2.1 and RFC 7591.
std::vector<std::string> advice_for(std::string_view code) {
  if (code == "invalid_client" || code == "unauthorized_client") {
    return {
        "This gateway does not know the application, or not any more. Make it register again: remove the "
        "connection in the application and add it once more. With mcp-remote, delete the folder .mcp-auth in your "
        "home directory and restart your client."};
  }
  if (code == "invalid_redirect_uri") {
    return {
        "The application wants to be called back at an address that it has not registered. Remove the connection "
        "in the application and add it once more."};
  }
  if (code == "temporarily_unavailable") {
    return {"This passes. Wait a moment, then start the connection again in your application."};
  }
  return {
      "The application asked in a way that this gateway cannot accept. Start the connection again in the "
      "application; if that does not help, update the application."};
}

}  // namespace

base::Async<http::Response> ConsentPages::show(const Visit& visit) {
  const std::string query(visit.request->query());
  const auto request = co_await desk_.describe(query);
  if (!request) co_return request.failure();

  const auto client = client_words(*request);
  View view;
  view.text("client", client).text("client_host", request->client_host).text("redirect_host", request->redirect_host);
  view.flag("loopback", request->redirect_is_loopback).text("scope", request->scope);
  view.text("resource", request->resource).text("resource_name", request->resource_name);
  view.text("action", fmt::format("{}?{}", path::kConsent, query)).text("account", visit.user->login);
  view.text("csrf", visit.token(path::kConsent));

  auto frame = visit.frame(fmt::format("Connect {}?", client), Width::narrow);
  frame.policy.form_action = redirect_source(request->redirect_uri);
  co_return page(200, "consent.mustache", view, frame);
}

base::Async<http::Response> ConsentPages::decide(const Visit& visit) {
  const auto decision = decision_of(value_of(visit.form, "decision"));
  if (!decision) co_return base::fail(base::Kind::invalid, "web.decision", "Choose Approve or Deny.");

  const std::string query(visit.request->query());
  const auto request = co_await desk_.describe(query);
  if (!request) co_return request.failure();
  const auto callback = co_await desk_.decide(query, visit.user->id, *decision);
  if (!callback) co_return callback.failure();

  if (request->redirect_is_loopback) co_return hand_over(visit, *request, *callback, *decision);
  co_return redirect(*callback);
}

base::Async<http::Response> ConsentPages::show_error(const Visit& visit) {
  const auto code = value_of(visit.query, "code").substr(0, 100);
  auto paragraphs = advice_for(code);
  // Anybody can write a link to this page: what it says is marked as a quotation and kept short.
  if (const auto said = value_of(visit.query, "description").substr(0, 300); !said.empty()) {
    paragraphs.push_back(fmt::format("Details: “{}”", said));
  }

  View view;
  view.text("title", "The application could not be connected").texts("paragraphs", paragraphs);
  view.text("code", code).text("request_id", "").text("href", "").text("label", "");
  co_return page(400, "message.mustache", view, visit.frame("The application could not be connected", Width::narrow));
}

}  // namespace web
