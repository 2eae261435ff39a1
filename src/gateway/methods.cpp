// What is done with each message: answered here, or carried to a vendor.
#include <fmt/format.h>

#include <array>

#include "base/log.hpp"
#include "gateway/detail/answers.hpp"
#include "gateway/detail/caller.hpp"
#include "gateway/detail/trouble.hpp"
#include "json/document.hpp"
#include "json/splice.hpp"
#include "mcp/error.hpp"
#include "mcp/response.hpp"
#include "mcp/revision.hpp"
#include "mcp/tool_name.hpp"

namespace gateway {
// An answer of the gateway's own, in the words of the client's era.
base::Task<void> Endpoint::finish(const Caller& caller, const mcp::Envelope& envelope, std::shared_ptr<Reply> reply,
                                  std::string response) {
  int status = 200;
  if (caller.is_modern()) {
    response.reserve(response.size() + mcp::kPadding);
    if (const auto view = mcp::read_response(response)) {
      status = mcp::http_status(view->error_code);
      response = mcp::to_modern_response(response, *view, envelope.method, {.server_info = kServerInfo});
    }
  }
  const std::array<std::string_view, 1> pieces{response};
  co_await reply->finish(pieces, status);
}

base::Task<void> Endpoint::answer(Caller caller, const mcp::Envelope& envelope, std::string_view body,
                                  std::shared_ptr<Reply> reply) {
  if (envelope.method == "ping" && !caller.is_modern()) {
    co_await finish(caller, envelope, reply, mcp::result_response(envelope.id, "{}"));
  } else if (caller.definition) {
    co_await relay_to_vendor(std::move(caller), envelope, body, std::move(reply));
  } else if (envelope.method == "tools/list") {
    co_await list_tools(std::move(caller), envelope, std::move(reply));
  } else if (envelope.method == "tools/call") {
    co_await call_tool(std::move(caller), envelope, body, std::move(reply));
  } else {
    co_await finish(
        caller, envelope, reply,
        mcp::error_response(envelope.id, mcp::kMethodNotFound, fmt::format("Method not found: {}", envelope.method)));
    metrics_.request("unified", envelope.method, "not_found", std::chrono::steady_clock::now() - caller.arrived);
  }
}

base::Task<void> Endpoint::list_tools(Caller caller, const mcp::Envelope& envelope, std::shared_ptr<Reply> reply) {
  const auto all = co_await catalogue_.list(mcp::ListKind::tools, co_await connections_.all(caller.principal->subject));

  // The fragments are sent as they are: nothing is copied.
  std::vector<std::string_view> pieces;
  const auto hints = caller.is_modern() ? fmt::format(R"("resultType":"complete","ttlMs":{},"cacheScope":"{}",)",
                                                      all.ttl_ms, all.is_private ? "private" : "public")
                                        : std::string();
  const auto head = fmt::format(R"({{"jsonrpc":"2.0","id":{},"result":{{{}"tools":[)", envelope.id, hints);
  pieces.emplace_back(head);
  for (const auto& part : all.parts) {
    if (pieces.size() > 1) pieces.emplace_back(",");
    pieces.emplace_back(part->fragment());
  }
  pieces.emplace_back("]}}");
  co_await reply->finish(pieces, 200);
  metrics_.request("unified", envelope.method, "ok", std::chrono::steady_clock::now() - caller.arrived);
}

base::Task<void> Endpoint::call_tool(Caller caller, const mcp::Envelope& envelope, std::string_view body,
                                     std::shared_ptr<Reply> reply) {
  const auto name = mcp::split_unified_name(envelope.name);
  const auto definition = name ? connections_.find(name->vendor) : nullptr;
  if (!definition) {
    metrics_.request("unified", envelope.method, "invalid", std::chrono::steady_clock::now() - caller.arrived);
    co_await finish(
        caller, envelope, reply,
        mcp::error_response(
            envelope.id, mcp::kInvalidParams,
            fmt::format("Unknown tool: {}. Tools are named {{vendor}}__{{tool}}; list them anew.", envelope.name)));
    co_return;
  }
  auto connection = co_await connections_.resolve(caller.principal->subject, definition);
  if (!connection) {
    co_await finish(caller, envelope, reply,
                    trouble(envelope.method, envelope.id, connection.error(), definition->slug));
    co_return;
  }
  if (connection->readiness != Readiness::ready) {
    metrics_.request(definition->slug, envelope.method, "not_ready", std::chrono::steady_clock::now() - caller.arrived);
    co_await finish(caller, envelope, reply,
                    mcp::tool_error_response(envelope.id, why_not(*connection, config_.public_url)));
    co_return;
  }

  const auto deadline = caller.arrived + definition->call_timeout;
  auto original = co_await catalogue_.original_name(mcp::ListKind::tools, *connection, envelope.name, deadline);
  if (!original) {
    co_await finish(caller, envelope, reply, trouble(envelope.method, envelope.id, original.error(), definition->slug));
    co_return;
  }
  auto sent = co_await send(caller, *std::move(connection),
                            relayed(caller, envelope, body, definition->slug, *std::move(original)), reply);
  metrics_.request(definition->slug, envelope.method, sent ? "ok" : base::name(sent.error().kind),
                   std::chrono::steady_clock::now() - caller.arrived);
  if (!sent)
    co_await finish(caller, envelope, reply, trouble(envelope.method, envelope.id, sent.error(), definition->slug));
}

base::Task<void> Endpoint::relay_to_vendor(Caller caller, const mcp::Envelope& envelope, std::string_view body,
                                           std::shared_ptr<Reply> reply) {
  const auto& slug = caller.definition->slug;
  auto connection = co_await connection_of(caller);
  if (!connection) {
    co_await finish(caller, envelope, reply, trouble(envelope.method, envelope.id, connection.error(), slug));
    co_return;
  }
  if (connection->readiness != Readiness::ready) {
    metrics_.request(slug, envelope.method, "not_ready", std::chrono::steady_clock::now() - caller.arrived);
    // A list without a credential is empty, not an error: the client keeps its connection and is told when that
    // changes.
    if (envelope.method == "tools/list") {
      co_await finish(caller, envelope, reply, mcp::result_response(envelope.id, R"({"tools":[]})"));
      co_return;
    }
    const base::Error error{
        base::Kind::vendor_rejected, "connection.not_ready", why_not(*connection, config_.public_url), {}, {}};
    co_await finish(caller, envelope, reply, trouble(envelope.method, envelope.id, error, slug));
    co_return;
  }
  auto sent = co_await send(caller, *std::move(connection), relayed(caller, envelope, body, slug, {}), reply);
  metrics_.request(slug, envelope.method, sent ? "ok" : base::name(sent.error().kind),
                   std::chrono::steady_clock::now() - caller.arrived);
  if (!sent) co_await finish(caller, envelope, reply, trouble(envelope.method, envelope.id, sent.error(), slug));
}

RelayedRequest Endpoint::relayed(const Caller& caller, const mcp::Envelope& envelope, std::string_view body,
                                 std::string_view vendor, std::string vendor_name) {
  return {.body = body,
          .envelope = &envelope,
          .subject = caller.principal->subject,
          .endpoint = caller.slug,
          .vendor = vendor,
          .vendor_name = std::move(vendor_name),
          .session = caller.session,
          .client = caller.client,
          .traceparent = caller.traceparent,
          .headers = caller.headers};
}

base::Task<void> Endpoint::take_notification(Caller caller, const mcp::Envelope& envelope, std::string_view body) {
  // The handshake with the vendor has its own notifications/initialized.
  if (!caller.session || envelope.method == "notifications/initialized") co_return;
  const auto deadline = caller.arrived + std::chrono::seconds(30);
  if (envelope.method == "notifications/cancelled") {
    const auto call = caller.session->find_call(envelope.request_id);
    const auto channel = call ? call->channel.lock() : nullptr;
    if (!channel) co_return;  // answered already
    const auto params = json::parse_object(envelope.params);
    const auto reason = params ? json::text_at(*params, "reason") : std::string_view();
    auto cancelled = co_await channel->cancel(call->upstream_id, std::string(reason), deadline);
    if (!cancelled) base::log::info("cancellation.lost", {{"error", cancelled.error().message}});
    co_return;
  }
  // Of all others, each vendor of the session may want to know; the modern era has none of them.
  const std::array<std::string_view, 1> pieces{body};
  for (const auto& upstream : caller.session->upstreams()) {
    if (upstream.channel->era() == mcp::Era::modern) continue;
    auto sent = co_await upstream.channel->notify(
        {.pieces = pieces, .method = envelope.method, .name = {}, .traceparent = caller.traceparent}, deadline);
    if (!sent) base::log::info("notification.lost", {{"method", envelope.method}, {"error", sent.error().message}});
  }
}

base::Task<void> Endpoint::take_response(Caller caller, const mcp::Envelope& envelope, std::string_view body) {
  if (!caller.session) co_return;
  const auto asked = caller.session->take_vendor_request(envelope.id);
  if (asked && asked->question) {
    asked->question->answer(std::string(body));
    co_return;
  }
  const auto channel = asked ? asked->channel.lock() : nullptr;
  if (!channel) co_return;  // nobody waits for it any more
  json::Splice splice(body);
  splice.replace(envelope.id, asked->upstream_id);
  auto sent =
      co_await channel->notify({.pieces = splice.pieces(), .method = {}, .name = {}, .traceparent = caller.traceparent},
                               caller.arrived + std::chrono::seconds(30));
  if (!sent) base::log::info("response.lost", {{"error", sent.error().message}});
}

}  // namespace gateway
