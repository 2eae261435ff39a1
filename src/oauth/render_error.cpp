#include "oauth/render_error.hpp"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/error_shape.hpp"
#include "base/log.hpp"

namespace oauth {
namespace {

constexpr std::array<std::string_view, 17> kWords{"invalid_request",
                                                  "invalid_client",
                                                  "invalid_grant",
                                                  "unauthorized_client",
                                                  "unsupported_grant_type",
                                                  "invalid_scope",
                                                  "access_denied",
                                                  "unsupported_response_type",
                                                  "temporarily_unavailable",
                                                  "invalid_target",
                                                  "invalid_redirect_uri",
                                                  "invalid_client_metadata",
                                                  "invalid_token",
                                                  "insufficient_scope",
                                                  "slow_down",
                                                  "unsupported_token_type",
                                                  "invalid_software_statement"};

// RFC 6749 section 5.2: %x20-21 / %x23-5B / %x5D-7E.
std::string plain(std::string_view text) {
  std::string out(text);
  std::ranges::replace(out, '"', '\'');
  std::ranges::replace_if(out, [](char c) { return c < 0x20 || c > 0x7E || c == '\\'; }, '?');
  return out;
}

std::chrono::seconds retry_after(const base::Error& error, int status) {
  return error.retry_after.value_or(std::chrono::seconds(status == 429 ? 60 : 2));
}

}  // namespace

http::Response render_error(const base::Error& error, const http::RequestHead& request) {
  const auto& shape = base::shape(error.kind);
  const bool is_word = std::ranges::find(kWords, error.code) != kWords.end();
  const std::string_view code = is_word ? std::string_view(error.code) : shape.oauth_error;
  base::log::write(shape.level, "oauth.refused",
                   {{"path", request.path()},
                    {"request", request.request_id},
                    {"error", code},
                    {"message", error.message},
                    {"detail", error.detail}});

  boost::json::object body;
  body["error"] = code;
  if (!error.message.empty()) body["error_description"] = plain(error.message);
  auto response = http::Response::json(shape.http_status, boost::json::serialize(body));
  response.headers.set("Cache-Control", "no-store");
  if (shape.http_status == 503 || shape.http_status == 429) {
    response.headers.set("Retry-After", std::to_string(retry_after(error, shape.http_status).count()));
  }
  return response;
}

}  // namespace oauth
