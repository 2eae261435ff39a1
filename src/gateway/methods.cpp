// What is done with each message: answered here, or carried to a vendor. What the unified endpoint does to find the
// vendor is in unified.cpp.
#include <fmt/format.h>

#include <array>

#include "base/log.hpp"
#include "gateway/detail/answers.hpp"
#include "gateway/detail/caller.hpp"
#include "gateway/detail/errand.hpp"
#include "gateway/detail/log_level.hpp"
#include "gateway/detail/own_client.hpp"
#include "gateway/detail/trouble.hpp"
#include "json/document.hpp"
#include "json/splice.hpp"
#include "mcp/error.hpp"
#include "mcp/own_info.hpp"
#include "mcp/response.hpp"
#include "mcp/revision.hpp"
#include "mcp/tasks.hpp"
#include "mcp/tool_name.hpp"

namespace gateway {
namespace {

// What nobody waits for an answer to is not tried for longer.
constexpr std::chrono::seconds kNotePatience{30};
// A call is tried with so many further credentials: one that is accepted by the vendor's probe may still be too weak
// for the call.
constexpr int kMostCredentials = 3;

bool rejects(const base::Error& error, const Connection& connection) {
  return error.kind == base::Kind::vendor_rejected && connection.credential;
}

// A client that gives up, or that cannot be asked what its call needs, is no failure of the vendor.
bool is_of_vendor(base::Kind kind) { return kind != base::Kind::cancelled && kind != base::Kind::invalid; }

const std::string& named_tool(const RelayedRequest& request) {
  return request.vendor_name.empty() ? request.envelope->name : request.vendor_name;
}

}  // namespace

// An answer of the gateway's own, in the words of the client's era.
base::Task<void> Endpoint::finish(const Caller& caller, const mcp::Envelope& envelope, std::shared_ptr<Reply> reply,
                                  std::string response) {
  int status = 200;
  if (caller.is_modern()) {
    response.reserve(response.size() + mcp::kPadding);
    if (const auto view = mcp::read_response(response)) {
      status = mcp::http_status(view->error_code);
      response = mcp::to_modern_response(response, *view, envelope.method, {.server_info = mcp::kOwnInfo});
    }
  }
  const std::array<std::string_view, 1> pieces{response};
  co_await reply->finish(pieces, status);
}

base::Task<void> Endpoint::answer(Caller& caller, const mcp::Envelope& envelope, std::string_view body,
                                  std::shared_ptr<Reply> reply) {
  const auto& method = envelope.method;
  if (method == "ping" && !caller.is_modern()) {
    return finish(caller, envelope, reply, mcp::result_response(envelope.id, "{}"));
  }
  if (method == "logging/setLevel" && caller.session) return set_log_level(caller, envelope, std::move(reply));
  if (!caller.definition) return answer_unified(caller, envelope, body, std::move(reply));
  Errand errand{.definition = caller.definition, .token = {}, .unified = {}, .name = {}, .mapped = {}};
  return run_errand(caller, envelope, body, std::move(errand), std::move(reply));
}

// The level is the session's: it holds for every vendor's channel, also for those that are opened later.
base::Task<void> Endpoint::set_log_level(Caller& caller, const mcp::Envelope& envelope, std::shared_ptr<Reply> reply) {
  const auto params = json::parse_object(envelope.params.empty() ? "{}" : envelope.params);
  const std::string level(params ? json::text_at(*params, "level") : std::string_view());
  if (!is_log_level(level)) {
    co_await finish(caller, envelope, reply,
                    mcp::error_response(envelope.id, mcp::kInvalidParams,
                                        "params.level must be debug, info, notice, warning, error, critical, alert or "
                                        "emergency."));
    co_return;
  }
  caller.session->set_log_level(level);
  for (const auto& upstream : caller.session->upstreams()) {
    auto asked = co_await ask_log_level(upstream.channel, level, caller.arrived + kNotePatience);
    if (!asked) base::log::info("log_level.not_set", {{"error", asked.error().message}});
  }
  co_await finish(caller, envelope, reply, mcp::result_response(envelope.id, "{}"));
}

// Carries the request to its vendor, and answers when that cannot be done. With another credential, when its vendor
// rejects the one that is saved and its person saves another.
base::Task<void> Endpoint::run_errand(Caller& caller, const mcp::Envelope& envelope, std::string_view body,
                                      Errand errand, std::shared_ptr<Reply> reply) {
  const auto definition = errand.definition;
  std::string words;  // of the rejection
  for (int tried = 0;;) {
    auto connection = co_await connections_.resolve(caller.principal->subject, definition);
    if (connection && connection->readiness != Readiness::ready) {
      auto outcome = CredentialAsking::Outcome::refused;
      if (lacks_credential(*connection)) {
        outcome = co_await ask_for_credential(caller, envelope, *connection, words, reply);
      }
      if (outcome == CredentialAsking::Outcome::refused) {
        co_await answer_not_ready(caller, envelope, *connection, words, reply);
      }
      if (outcome != CredentialAsking::Outcome::usable) co_return;
      caller.arrived = std::chrono::steady_clock::now();  // no vendor has to be quicker because its person was slow
      continue;
    }
    auto done = connection ? co_await carry(caller, envelope, body, errand, *connection, reply)
                           : base::Result<void>(connection.failure());
    if (!done && connection && rejects(done.error(), *connection)) {
      words = vault::mask(done.error().message, connection->credential->fields);
      if (tried++ < kMostCredentials) continue;
      connection->readiness = Readiness::rejected;
      co_await answer_not_ready(caller, envelope, *connection, std::move(words), reply);
      co_return;
    }
    metrics_.request(definition->slug, envelope.method, done ? "ok" : base::name(done.error().kind),
                     std::chrono::steady_clock::now() - caller.arrived);
    if (done) co_return;
    co_await finish(caller, envelope, reply, trouble(envelope.method, envelope.id, done.error(), definition->slug));
    co_return;
  }
}

// Through the right channel, and through another one when the vendor forgot the session.
base::Async<void> Endpoint::carry(const Caller& caller, const mcp::Envelope& envelope, std::string_view body,
                                  const Errand& errand, const Connection& connection, std::shared_ptr<Reply> reply) {
  const auto deadline = caller.arrived + connection.definition->call_timeout;
  RelayedRequest request{.body = body,
                         .envelope = &envelope,
                         .origin = caller.request,
                         .subject = caller.principal->subject,
                         .endpoint = caller.slug,
                         .vendor = connection.definition->slug,
                         .name_token = errand.token,
                         .vendor_name = errand.name,
                         .session = caller.session,
                         .client = caller.client,
                         .traceparent = caller.traceparent,
                         .headers = {},
                         .as_task = false};
  const auto& unified = errand.unified.empty() ? envelope.name : errand.unified;
  if (errand.mapped && mcp::is_mapped_name(unified)) {
    auto own = co_await catalogue_.original_name(*errand.mapped, connection, unified, deadline);
    if (!own) co_return std::move(own).failure();
    request.vendor_name = *std::move(own);
  }
  if (envelope.method == "tools/call") {
    auto fitted = co_await fit_to_tool(caller, connection, request, deadline);
    if (!fitted) co_return fitted;
  }

  base::Result<void> sent;
  for (int attempt = 0; attempt < 2; ++attempt) {
    auto way = co_await way_of(caller, connection, envelope.method, deadline);
    if (!way) {
      sent = std::move(way).failure();
      break;
    }
    const auto channel = way->channel;
    sent = co_await relay(*std::move(way), request, *connection.definition, reply, deadline);
    if (sent || sent.error().code != "vendor.session_gone") break;
    // The vendor restarted and forgot its session; it has not looked at the request, so it may be sent again.
    connections_.drop(connection, channel.get());
    if (caller.session) caller.session->drop_upstream(connection.definition->slug);
  }
  if (!sent) {
    if (is_of_vendor(sent.error().kind)) metrics_.vendor_error(connection.definition->slug, sent.error().kind);
    co_await connections_.note(connection, sent.error());
  }
  co_return sent;
}

base::Async<void> Endpoint::relay(Way way, const RelayedRequest& request, const vendor::Definition& definition,
                                  std::shared_ptr<Reply> reply, base::SteadyTime deadline) {
  if (request.session && SessionSubscriptions::owns(request.envelope->method)) {
    return session_subscriptions_.run(std::move(way), request, definition, std::move(reply), deadline);
  }
  return relay_.run(std::move(way), request, std::move(reply), deadline);
}

// What a tool's definition may demand of calls.
struct Endpoint::ToolDemands {
  bool fields = false;  // Mcp-Param-*, which a legacy client does not know
  bool task = false;    // to be called as one

  static ToolDemands of(const Caller& caller, const VendorFacts& facts) {
    return {.fields = !caller.is_modern() && facts.era == mcp::Era::modern, .task = facts.task_calls};
  }
};

// What the vendor's era and the tool's definition ask of the request: fields of the head, and to be made a task.
base::Soon<void> Endpoint::fit_to_tool(const Caller& caller, const Connection& connection, RelayedRequest& request,
                                       base::SteadyTime deadline) {
  if (caller.is_modern()) {
    auto fields = own_fields(caller, *request.envelope, connection, named_tool(request));
    if (!fields) return std::move(fields).failure();
    request.headers = *std::move(fields);
  }
  const auto demands = known_demands(caller, connection);
  if (demands && !demands->fields && !demands->task) return base::Result<void>();
  return fit_to_definition(caller, connection, request, demands, deadline);
}

// Nothing: that is yet to be learned.
std::optional<Endpoint::ToolDemands> Endpoint::known_demands(const Caller& caller, const Connection& connection) const {
  const auto own = caller.session ? caller.session->channel(connection.definition->slug, connection.key()) : nullptr;
  if (own) {
    const bool is_modern = own->era() == mcp::Era::modern;
    return ToolDemands{.fields = is_modern, .task = !is_modern && own->opening_result().contains("\"tasks\"")};
  }
  if (const auto facts = connections_.facts(connection)) return ToolDemands::of(caller, *facts);
  return caller.is_modern() ? std::optional(ToolDemands{}) : std::nullopt;
}

base::Async<void> Endpoint::fit_to_definition(const Caller& caller, const Connection& connection,
                                              RelayedRequest& request, std::optional<ToolDemands> demands,
                                              base::SteadyTime deadline) {
  const auto& envelope = *request.envelope;
  const auto& tool = named_tool(request);
  if (!demands) {
    auto facts = co_await connections_.learn(connection, deadline);
    if (!facts) co_return std::move(facts).failure();
    demands = ToolDemands::of(caller, **facts);
  }
  if (demands->fields) {
    const auto known = co_await catalogue_.tool(connection, tool, deadline);
    if (known && *known) request.headers = mcp::parameter_headers((*known)->parameters, envelope.arguments);
  }
  if (demands->task) {
    auto as_task = co_await needs_task(envelope, connection, tool, deadline);
    if (!as_task) co_return std::move(as_task).failure();
    request.as_task = *as_task;
  }
  co_return base::Result<void>();
}

// The Mcp-Param-* fields that a modern vendor wants with a call (2026-07-28 basic/transports/streamable-http, "Custom
// Headers from Tool Parameters"). A modern client's are its own, checked where the tool is known: no call waits for a
// list because of that. For a legacy client, which knows none, they are made by the tool's definition.
base::Result<Endpoint::Fields> Endpoint::own_fields(const Caller& caller, const mcp::Envelope& envelope,
                                                    const Connection& connection, std::string_view tool) const {
  const auto list = catalogue_.state(mcp::ListKind::tools, connection).list;
  if (const auto* known = list ? list->find(tool) : nullptr) {
    auto right = mcp::check_parameter_headers(*caller.headers, known->parameters, envelope.arguments);
    if (!right) return std::move(right).failure();
  }
  return mcp::parameter_fields(*caller.headers);
}

base::Task<void> Endpoint::take_notification(Caller& caller, const mcp::Envelope& envelope, std::string_view body) {
  // The handshake with the vendor has its own notifications/initialized.
  if (!caller.session || envelope.method == "notifications/initialized") co_return;
  const auto deadline = caller.arrived + kNotePatience;
  if (envelope.method == "notifications/cancelled") {
    const auto call = caller.session->find_call(envelope.request_id);
    if (call && call->give_up) call->give_up();
    const auto channel = call ? call->channel.lock() : nullptr;
    if (!channel) co_return;  // answered already
    const auto params = json::parse_object(envelope.params);
    const auto reason = params ? json::text_at(*params, "reason") : std::string_view();
    auto cancelled = call->task_id.empty() ? co_await channel->cancel(call->upstream_id, std::string(reason), deadline)
                                           : co_await cancel_task(channel, call->task_id, deadline);
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

base::Task<void> Endpoint::take_response(Caller& caller, const mcp::Envelope& envelope, std::string_view body) {
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
  auto text = splice.str();
  // The answer may say to which of the vendor's tasks it belongs.
  if (!asked->vendor.empty()) text = mcp::without_unified_task_ids(text, asked->vendor);
  const std::array<std::string_view, 1> pieces{text};
  auto sent = co_await channel->notify({.pieces = pieces, .method = {}, .name = {}, .traceparent = caller.traceparent},
                                       caller.arrived + kNotePatience);
  if (!sent) base::log::info("response.lost", {{"error", sent.error().message}});
}

}  // namespace gateway
