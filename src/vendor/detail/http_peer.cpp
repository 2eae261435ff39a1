#include "vendor/detail/http_peer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "mcp/header_value.hpp"
#include "vendor/detail/http_failure.hpp"

namespace vendor::detail {
namespace {

// Of a failed answer no more than this is read for the vendor's words.
constexpr std::size_t kFailureBytes = 64 << 10;

constexpr std::string_view kParameterPrefix = "Mcp-Param-";

constexpr std::size_t kUsualFields = 300;  // bytes of a request's own fields

// Longer values stay out of the head: servers refuse heads beyond 8 to 16 KiB.
constexpr std::size_t kLongestValue = 4 << 10;

bool fits_head(std::string_view value) {
  return !value.empty() && value.size() <= kLongestValue && value.front() != ' ' && value.back() != ' ' &&
         std::ranges::all_of(value, [](char c) { return c >= 0x20 && c <= 0x7e; });
}

void add_if_fit(std::string& fields, std::string_view name, std::string_view value) {
  if (fits_head(value)) http::append_field_line(fields, name, value);
}

http::Headers kind_of_message(std::string_view accept, std::string_view content_type) {
  http::Headers headers;
  headers.add("Accept", accept);
  if (!content_type.empty()) headers.add("Content-Type", content_type);
  return headers;
}

// What the credential says is kept as a secret, and a field of its name stands alone.
base::SecretString credential_fields(const Injection& injection) {
  http::Headers headers;
  for (const auto& [name, value] : injection.headers) headers.set(name, value.reveal());
  return base::SecretString(http::field_lines(headers));
}
std::string fields_beside(const Injection& injection, http::Headers headers, std::string_view user_agent) {
  headers.add("User-Agent", user_agent);
  for (const auto& [name, value] : injection.headers) headers.remove(name);
  return http::field_lines(headers);
}

}  // namespace

base::Error of_vendor(std::string_view vendor, base::Error error) {
  return std::move(error).at(fmt::format("vendor {}", vendor));
}

std::string signature(const base::SecretString& secret, base::Micros now) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  const auto signed_text = fmt::format("t={}", seconds);
  return fmt::format("{},v1={}", signed_text, base::hex(base::hmac_sha256(secret.reveal(), signed_text)));
}

HttpPeer::HttpPeer(std::shared_ptr<const Definition> definition, std::shared_ptr<const Injection> injection,
                   base::PerThread<http::Client>& clients, Tasks& tasks, const base::Clock& clock,
                   HttpChannelConfig config)
    : definition_(std::move(definition)),
      injection_(std::move(injection)),
      clients_(clients),
      tasks_(tasks),
      clock_(clock),
      config_(std::move(config)),
      credential_fields_(credential_fields(*injection_)),
      post_fields_(fields_beside(*injection_,
                                 kind_of_message("application/json, text/event-stream", "application/json"),
                                 config_.user_agent)) {}

// The fields of a request, in the order in which they are sent.
struct HttpPeer::PostHead {
  PostHead(const HttpPeer& peer, const HttpSession& session, const Outgoing& outgoing) : url(peer.url_of(session)) {
    own.reserve(kUsualFields);
    add_if_fit(own, "Mcp-Method", outgoing.method);
    // A tool's name or a URI may hold anything. Vendors of the legacy era pass these fields over.
    if (!outgoing.name.empty()) add_if_fit(own, "Mcp-Name", mcp::encode_header_value(outgoing.name));
    add_if_fit(own, "traceparent", outgoing.traceparent);
    peer.add_common(own, session);
    for (const auto& [name, value] : outgoing.headers) {
      const bool fits = name.starts_with(kParameterPrefix) && http::is_token(name) && http::is_field_value(value);
      if (fits && value.size() <= kLongestValue) http::append_field_line(own, name, value);
    }
    lines = {peer.post_fields_, own, peer.credential_fields_.reveal()};
  }
  [[nodiscard]] http::ClientRequest request(const Outgoing& outgoing) const {
    return {.method = http::Method::post, .url = &url, .field_lines = lines, .body = outgoing.pieces};
  }

  const http::Url& url;
  std::string own;
  std::array<std::string_view, 3> lines;
};

base::Async<http::ClientResponse> HttpPeer::post(const HttpSession& session, const Outgoing& outgoing,
                                                 base::SteadyTime deadline) const {
  const PostHead head(*this, session, outgoing);
  auto request = head.request(outgoing);
  request.deadline = deadline;
  co_return named(co_await clients_.local().send(request));
}

std::optional<http::ClientResponse> HttpPeer::try_post(const HttpSession& session, const Outgoing& outgoing) const {
  return clients_.local().try_send(PostHead(*this, session, outgoing).request(outgoing));
}

base::Async<http::ClientResponse> HttpPeer::get(const HttpSession& session, std::string last_event_id,
                                                base::SteadyTime deadline) const {
  auto fields = fields_beside(*injection_, kind_of_message("text/event-stream", {}), config_.user_agent);
  add_if_fit(fields, "Last-Event-ID", last_event_id);
  add_common(fields, session);
  const std::array lines{std::string_view(fields), credential_fields_.reveal()};
  co_return named(co_await clients_.local().send(
      {.method = http::Method::get, .url = &definition_->http->url, .field_lines = lines, .deadline = deadline}));
}

base::Async<void> HttpPeer::remove(const HttpSession& session, base::SteadyTime deadline) const {
  auto fields = fields_beside(*injection_, kind_of_message("application/json", {}), config_.user_agent);
  add_common(fields, session);
  const std::array lines{std::string_view(fields), credential_fields_.reveal()};
  auto response = named(co_await clients_.local().send(
      {.method = http::Method::delete_, .url = &definition_->http->url, .field_lines = lines, .deadline = deadline}));
  if (!response) co_return std::move(response).failure();
  // Read to its end, so that the connection can be used again.
  (void)co_await response->read_all(kFailureBytes, deadline);
  co_return base::Result<void>();
}

base::Task<HttpPeer::Failure> HttpPeer::failure(http::ClientResponse response, const HttpSession& session,
                                                base::SteadyTime deadline) const {
  auto read = co_await response.read_all(kFailureBytes, deadline);
  std::string body = read ? without_secrets(*std::move(read), *injection_) : std::string();
  const HttpAnswer answer{.status = response.status(),
                          .location = response.headers().get("Location"),
                          .body = body,
                          .with_session = !session.id.empty() || session.endpoint.has_value()};
  co_return Failure{http_failure(vendor(), answer), std::move(body)};
}

base::Result<http::ClientResponse> HttpPeer::named(base::Result<http::ClientResponse> response) const {
  if (!response) return base::Failure(of_vendor(vendor(), std::move(response).error()));
  return response;
}

const http::Url& HttpPeer::url_of(const HttpSession& session) const {
  return session.endpoint ? *session.endpoint : definition_->http->url;
}

void HttpPeer::add_common(std::string& fields, const HttpSession& session) const {
  add_if_fit(fields, "MCP-Protocol-Version", session.protocol_version);
  add_if_fit(fields, "Mcp-Session-Id", session.id);
  const auto& secret = definition_->http->signing_secret;
  if (!secret.empty()) http::append_field_line(fields, "X-Gateway-S2S", signature(secret, clock_.now()));
}

}  // namespace vendor::detail
