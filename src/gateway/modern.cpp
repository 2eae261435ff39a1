// The modern era: every request stands for itself (2026-07-28 basic, "Per-request protocol fields"). What the era says
// about a request's own faults is checked here; then it goes the same way as any other.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "gateway/detail/answers.hpp"
#include "gateway/detail/caller.hpp"
#include "gateway/detail/introduction.hpp"
#include "gateway/detail/trouble.hpp"
#include "json/document.hpp"
#include "mcp/error.hpp"
#include "mcp/modern_request.hpp"
#include "mcp/request_headers.hpp"
#include "mcp/revision.hpp"

namespace gateway {
namespace {

// server/discover never waits longer than this for a vendor.
constexpr std::chrono::seconds kDiscoverPatience{8};

// A call that goes on with an answer has this long for its next word, whatever its vendor's own limit was.
constexpr std::chrono::minutes kRoundTimeout{5};

// What the era has taken out (2026-07-28 changelog).
constexpr std::array<std::string_view, 5> kRemoved{"initialize", "ping", "logging/setLevel", "resources/subscribe",
                                                   "resources/unsubscribe"};

// Nothing when the request may go on; else its answer, with HTTP 400.
std::optional<std::string> fault(const http::Headers& headers, const mcp::Envelope& envelope) {
  const auto header = headers.get("MCP-Protocol-Version");
  const auto& asked = envelope.protocol_version.empty() ? std::string(header) : envelope.protocol_version;
  const bool agree = header.empty() || envelope.protocol_version.empty() || header == envelope.protocol_version;
  if (agree && !mcp::is_modern_revision(asked)) return unsupported_revision(envelope.id, asked);
  if (auto complete = mcp::check_request_meta(envelope); !complete && agree && !header.empty()) {
    return mcp::error_response(envelope.id, mcp::kInvalidParams, complete.error().message);
  }
  if (auto mirrored = mcp::check_request_headers(headers, envelope); !mirrored) {
    return mcp::error_response(envelope.id, mcp::kHeaderMismatch, mirrored.error().message);
  }
  return std::nullopt;
}

std::string supported_versions() {
  std::vector<std::string> quoted;
  for (const auto revision : mcp::kModernRevisions) quoted.push_back(json::quote(revision));
  for (const auto revision : mcp::kLegacyRevisions) quoted.push_back(json::quote(revision));
  return fmt::format("[{}]", fmt::join(quoted, ","));
}

}  // namespace

base::Task<void> Endpoint::post_modern(http::Exchange& exchange, Caller& caller, const mcp::Envelope& envelope) {
  const auto& request = exchange.request();
  if (envelope.shape == mcp::Shape::response) {
    co_await respond_status(exchange, 400,
                            mcp::error_response({}, mcp::kInvalidRequest,
                                                "A client sends no responses in this revision; answers go into "
                                                "params.inputResponses of the request's retry."));
    co_return;
  }
  if (envelope.shape == mcp::Shape::notification) {
    co_await respond_accepted(exchange);
    co_return;
  }
  if (auto wrong = fault(request.headers, envelope)) {
    co_await respond_status(exchange, 400, *std::move(wrong));
    co_return;
  }
  caller.client = {.era = mcp::Era::modern,
                   .capabilities = envelope.client_capabilities,
                   .info = envelope.client_info,
                   .log_level = envelope.log_level};
  caller.headers = &request.headers;

  if (envelope.method == "subscriptions/listen") {
    co_await listenings_.serve(exchange, *caller.principal, caller.slug, envelope);
    co_return;
  }
  const auto responder =
      base::make_shared_kept<Responder>(exchange, nullptr, std::string(envelope.id), clocks_.local());
  if (std::ranges::find(kRemoved, envelope.method) != kRemoved.end()) {
    co_await finish(caller, envelope, responder,
                    mcp::error_response(
                        envelope.id, mcp::kMethodNotFound,
                        fmt::format("Method not found: revision {} has no {}.", mcp::kNewestModern, envelope.method)));
  } else if (envelope.method == "server/discover") {
    co_await discover(caller, envelope, responder);
  } else if (!co_await resume(caller, envelope, request.body, responder)) {
    co_await answer(caller, envelope, request.body, responder);
  }
}

base::Task<void> Endpoint::discover(Caller& caller, const mcp::Envelope& envelope, std::shared_ptr<Reply> reply) {
  auto result = caller.definition
                    ? co_await vendor_discovery(caller)
                    : boost::json::object{
                          {"capabilities", co_await unified_capabilities(caller.principal->subject, mcp::Era::modern)},
                          {"instructions", unified_instructions(config_.public_url)}};
  result["supportedVersions"] = boost::json::parse(supported_versions());
  if (!result.contains("ttlMs")) result["ttlMs"] = 0;
  result["cacheScope"] = "private";
  co_await finish(caller, envelope, reply, mcp::result_response(envelope.id, boost::json::serialize(result)));
  metrics_.request(caller.slug.empty() ? "unified" : caller.slug, envelope.method, "ok",
                   std::chrono::steady_clock::now() - caller.arrived);
}

// Enough for the client to stay and be told of changes, when the vendor cannot be asked now.
base::Task<boost::json::object> Endpoint::vendor_discovery(Caller& caller) {
  boost::json::object absent{{"capabilities", {{"tools", {{"listChanged", true}}}}}};
  auto connection = co_await connection_of(caller);
  if (!connection || connection->readiness != Readiness::ready) {
    absent["instructions"] = connection ? why_not(*connection, config_.public_url) : connection.error().message;
    co_return absent;
  }
  auto channel = co_await connections_.warm(*connection, std::chrono::steady_clock::now() + kDiscoverPatience);
  auto said =
      channel ? json::parse_object((*channel)->opening_result()) : base::Result<boost::json::object>(channel.failure());
  if (!said) {
    absent["instructions"] = said.error().message;
    co_return absent;
  }
  if ((*channel)->era() == mcp::Era::modern) co_return *std::move(said);

  co_return discover_result_of(*said);
}

base::Task<bool> Endpoint::resume(Caller& caller, const mcp::Envelope& envelope, std::string_view body,
                                  std::shared_ptr<Reply> reply) {
  if (envelope.request_state.data() == nullptr) co_return false;
  const auto token = json::parse(envelope.request_state);
  if (!token || !token->is_string()) co_return false;
  const auto opened =
      states_.open(std::string_view(token->get_string()), {caller.principal->subject, caller.slug, envelope});
  if (!opened) co_return false;
  if (!*opened) {
    co_await finish(caller, envelope, reply,
                    mcp::error_response(envelope.id, mcp::kInvalidParams, opened->error().message));
    co_return true;
  }
  if ((*opened)->kind != StateKind::parked) {
    co_await answer_retry(caller, envelope, body, **opened, reply);
    co_return true;
  }
  const auto deadline = caller.arrived + kRoundTimeout;
  RelayedRequest request{.body = body,
                         .envelope = &envelope,
                         .origin = nullptr,
                         .subject = caller.principal->subject,
                         .endpoint = caller.slug,
                         .vendor = {},
                         .name_token = {},
                         .vendor_name = {},
                         .session = nullptr,
                         .client = caller.client,
                         .traceparent = caller.traceparent,
                         .headers = {},
                         .as_task = false};
  auto resumed = co_await relay_.resume((*opened)->id, request, reply, deadline);
  if (!resumed && resumed.error().kind == base::Kind::vendor_rejected) {
    // The call is lost with its session: it begins again, and its credential is asked for.
    co_await answer_anew(caller, envelope, body, reply);
  } else if (!resumed) {
    const bool own_fault = resumed.error().kind == base::Kind::conflict || resumed.error().kind == base::Kind::invalid;
    co_await finish(caller, envelope, reply,
                    own_fault ? mcp::error_response(envelope.id, mcp::kInvalidParams, resumed.error().message)
                              : trouble(envelope.method, envelope.id, resumed.error(), {}));
  }
  co_return true;
}

}  // namespace gateway
