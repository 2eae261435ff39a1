#include "web/failure.hpp"

#include <string>
#include <utility>

#include "base/error_shape.hpp"
#include "web/detail/page.hpp"

namespace web {
namespace {

struct Words {
  std::string title;
  std::string advice;
};

Words words_for(base::Kind kind) {
  using base::Kind;
  switch (kind) {
    case Kind::invalid:
      return {"That did not work", "Go back, correct it, and try again."};
    case Kind::unauthenticated:
      return {"Please sign in", "You are not signed in, or not any more."};
    case Kind::forbidden:
      return {"Not allowed", "If you came here by a form, go back, reload the page, and send it again."};
    case Kind::not_found:
      return {"Page not found", "The address may be mistyped, or what it named is gone."};
    case Kind::method_not_allowed:
      return {"That does not work here", "This page is not opened in this way. Start again from the connections."};
    case Kind::conflict:
      return {"It changed meanwhile", "Reload the page to see how things are now, then try again."};
    case Kind::too_large:
      return {"That was too large", "Shorten what you sent, and try again."};
    case Kind::too_many:
      return {"Too many attempts", "Wait a little, then try again."};
    case Kind::vendor_down:
    case Kind::vendor_timeout:
    case Kind::vendor_invalid:
      return {"The vendor does not answer", "The gateway itself works. Try again in some minutes."};
    case Kind::vendor_rejected:
      return {"The vendor refused", "Replace the credential on its connection page."};
    case Kind::unavailable:
      return {"Not available right now", "This passes. Wait a moment, then reload the page; nothing was lost."};
    case Kind::cancelled:
      return {"Cancelled", "Reload the page to try again."};
    case Kind::bug:
      return {"Something broke", "This is a fault of the gateway. Tell the person who runs it the request below."};
  }
  std::unreachable();
}

bool is_internal(base::Kind kind) { return kind == base::Kind::bug || kind == base::Kind::unavailable; }

}  // namespace

http::Response render_failure(const base::Error& error, const http::RequestHead& request) {
  const auto words = words_for(error.kind);
  const bool sign_in = error.kind == base::Kind::unauthenticated;
  std::vector<std::string> paragraphs;
  if (!error.message.empty()) paragraphs.push_back(error.message);
  paragraphs.push_back(words.advice);

  View content;
  content.text("title", words.title).texts("paragraphs", paragraphs).text("code", "");
  content.text("request_id", is_internal(error.kind) ? request.request_id : "");
  content.text("href", sign_in ? "/auth/login" : "/settings").text("label", sign_in ? "Sign in" : "To the connections");

  const Frame frame{.title = words.title, .width = Width::narrow};
  auto response = page(base::shape(error.kind).http_status, "message.mustache", content, frame);
  if (error.retry_after) response.headers.set("Retry-After", std::to_string(error.retry_after->count()));
  return response;
}

}  // namespace web
