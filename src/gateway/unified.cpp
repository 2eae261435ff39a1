// The unified endpoint: every vendor that the caller can use, as one server. Here it is found out which vendor a
// request is for, and what that vendor calls the thing; from there on it goes as on the vendor's own endpoint.
#include <fmt/format.h>

#include "gateway/detail/answers.hpp"
#include "gateway/detail/caller.hpp"
#include "gateway/detail/errand.hpp"
#include "gateway/inner_call.hpp"
#include "json/document.hpp"
#include "json/splice.hpp"
#include "mcp/completion_ref.hpp"
#include "mcp/error.hpp"
#include "mcp/tasks.hpp"
#include "mcp/tool_name.hpp"
#include "mcp/unified_uri.hpp"

namespace gateway {
namespace {

std::string unknown(const mcp::Envelope& envelope, mcp::ListKind kind) {
  const bool tools = kind == mcp::ListKind::tools;
  return mcp::error_response(envelope.id, mcp::kInvalidParams,
                             fmt::format("Unknown {}: {}. {} are named {{vendor}}__{{name}}; list them anew.",
                                         tools ? "tool" : "prompt", envelope.name, tools ? "Tools" : "Prompts"));
}

std::string unknown_resource(const mcp::Envelope& envelope, mcp::Era era, std::string_view uri) {
  const int code = era == mcp::Era::modern ? mcp::kInvalidParams : mcp::kResourceNotFound;
  return fmt::format(
      R"({{"jsonrpc":"2.0","id":{},"error":{{"code":{},"message":"Resource not found","data":{{"uri":{}}}}}}})",
      envelope.id, code, json::quote(uri));
}

// Each form of tasks is its own era's.
void unite_tasks(boost::json::object& all, const VendorFacts& one, mcp::Era era) {
  if (era == mcp::Era::modern && one.tasks_extension) {
    all["extensions"] = {{mcp::kTasksExtension, boost::json::object()}};
  }
  if (era == mcp::Era::modern || !one.task_calls) return;
  auto& tasks = all["tasks"];
  if (!tasks.is_object()) tasks = {{"requests", {{"tools", {{"call", boost::json::object()}}}}}};
  if (one.task_list) tasks.get_object()["list"] = boost::json::object();
  if (one.task_cancel) tasks.get_object()["cancel"] = boost::json::object();
}

void unite(boost::json::object& all, const VendorFacts& one, mcp::Era era) {
  unite_tasks(all, one, era);
  if (one.prompts) all["prompts"] = {{"listChanged", true}};
  if (one.completions) all["completions"] = boost::json::object();
  if (one.logging) all["logging"] = boost::json::object();
  if (!one.resources) return;
  auto& resources = all["resources"];
  const bool subscribe = one.subscribe || (resources.is_object() && resources.get_object().contains("subscribe"));
  resources = {{"listChanged", true}};
  if (subscribe) resources.get_object()["subscribe"] = true;
}

}  // namespace

// What the vendors behind it can really do. Those that nothing is known of yet are asked, for as long as a list would
// be.
base::Task<boost::json::object> Endpoint::unified_capabilities(std::string subject, mcp::Era era) {
  boost::json::object all{{"tools", {{"listChanged", true}}}};
  const auto connections = co_await connections_.all(std::move(subject));
  (void)co_await catalogue_.list(mcp::ListKind::tools, connections);
  for (const auto& connection : connections) {
    if (connection.readiness != Readiness::ready) continue;
    if (const auto facts = connections_.facts(connection)) unite(all, *facts, era);
  }
  co_return all;
}

base::Task<void> Endpoint::answer_unified(Caller& caller, const mcp::Envelope& envelope, std::string_view body,
                                          std::shared_ptr<Reply> reply) {
  const auto& method = envelope.method;
  if (const auto kind = mcp::list_kind(method)) return list(caller, envelope, *kind, std::move(reply));
  if (method == "tools/call") return call_named(caller, envelope, body, mcp::ListKind::tools, std::move(reply));
  if (method == "prompts/get") return call_named(caller, envelope, body, mcp::ListKind::prompts, std::move(reply));
  if (method == "resources/read" || method == "resources/subscribe" || method == "resources/unsubscribe") {
    return use_resource(caller, envelope, body, std::move(reply));
  }
  if (method == "completion/complete") return complete(caller, envelope, body, std::move(reply));
  if (method == "tasks/list") {
    return caller.is_modern() ? refuse_method(caller, envelope, std::move(reply))
                              : list_tasks(caller, envelope, std::move(reply));
  }
  if (method.starts_with("tasks/")) return use_task(caller, envelope, body, std::move(reply));
  return refuse_method(caller, envelope, std::move(reply));
}

base::Task<void> Endpoint::refuse_method(const Caller& caller, const mcp::Envelope& envelope,
                                         std::shared_ptr<Reply> reply) {
  metrics_.request("unified", envelope.method, "not_found", std::chrono::steady_clock::now() - caller.arrived);
  return finish(
      caller, envelope, std::move(reply),
      mcp::error_response(envelope.id, mcp::kMethodNotFound, fmt::format("Method not found: {}", envelope.method)));
}

base::Task<void> Endpoint::list(Caller& caller, const mcp::Envelope& envelope, mcp::ListKind kind,
                                std::shared_ptr<Reply> reply) {
  const auto aggregate = co_await catalogue_.list(kind, co_await connections_.all(caller.principal->subject));
  const bool tools = kind == mcp::ListKind::tools;
  const auto chosen = tools ? co_await preferences_.tools(caller.principal->subject) : identity::ToolListing::automatic;
  const auto mode = own_tools_.mode(caller.query, chosen, aggregate.count);

  // The fragments are sent as they are: nothing is copied.
  const auto caching = fmt::format(R"("resultType":"complete","ttlMs":{},"cacheScope":"{}",)", aggregate.ttl_ms,
                                   aggregate.is_private ? "private" : "public");
  const auto head = fmt::format(R"({{"jsonrpc":"2.0","id":{},"result":{{{}"{}":[)", envelope.id,
                                caller.is_modern() ? caching : "", mcp::list_member(kind));
  std::vector<std::string_view> pieces{head};
  const auto add = [&pieces](std::string_view fragment) {
    if (fragment.empty()) return;
    if (pieces.size() > 1) pieces.emplace_back(",");
    pieces.push_back(fragment);
  };
  if (tools) add(own_tools_.definitions(mode));
  if (!tools || mode == ToolMode::all) {
    for (const auto& part : aggregate.parts) add(part->fragment());
  }
  pieces.emplace_back("]}}");
  co_await reply->finish(pieces, 200);
  metrics_.request("unified", envelope.method, "ok", std::chrono::steady_clock::now() - caller.arrived);
}

base::Task<void> Endpoint::call_named(Caller& caller, const mcp::Envelope& envelope, std::string_view body,
                                      mcp::ListKind kind, std::shared_ptr<Reply> reply) {
  if (kind == mcp::ListKind::tools && OwnTools::owns(envelope.name)) {
    return call_own(caller, envelope, body, std::move(reply));
  }
  const auto name = mcp::split_unified_name(envelope.name);
  auto definition = name ? connections_.find(name->vendor) : nullptr;
  if (!definition) {
    metrics_.request("unified", envelope.method, "invalid", std::chrono::steady_clock::now() - caller.arrived);
    return finish(caller, envelope, std::move(reply), unknown(envelope, kind));
  }
  Errand errand{.definition = std::move(definition),
                .token = envelope.name_token,
                .unified = {},
                .name = std::string(name->rest),
                .mapped = kind};
  return run_errand(caller, envelope, body, std::move(errand), std::move(reply));
}

// A tool of the gateway itself; gateway__call_tool is another tool's call in disguise.
base::Task<void> Endpoint::call_own(Caller& caller, const mcp::Envelope& envelope, std::string_view body,
                                    std::shared_ptr<Reply> reply) {
  if (OwnTools::is_call(envelope.name)) {
    co_await call_inner(caller, envelope, body, std::move(reply));
    co_return;
  }
  auto result = co_await own_tools_.call(envelope.name, std::string(envelope.arguments), caller.principal->subject);
  metrics_.request("unified", envelope.method, result ? "ok" : "not_found",
                   std::chrono::steady_clock::now() - caller.arrived);
  co_await finish(caller, envelope, reply,
                  result ? mcp::result_response(envelope.id, *result) : unknown(envelope, mcp::ListKind::tools));
}

// gateway__call_tool: the call of the tool that its arguments name, which keeps their bytes.
base::Task<void> Endpoint::call_inner(Caller& caller, const mcp::Envelope& envelope, std::string_view body,
                                      std::shared_ptr<Reply> reply) {
  const auto inner = read_inner_call(envelope.arguments);
  if (!inner) {
    co_await finish(caller, envelope, reply, mcp::tool_error_response(envelope.id, inner.error().message));
    co_return;
  }
  json::Splice splice(body);
  splice.replace(envelope.name_token, inner->name_token);
  splice.replace(envelope.arguments, inner->arguments);
  const auto text = splice.str();
  const auto call = mcp::scan(text);
  if (!call) {
    co_await finish(caller, envelope, reply, mcp::error_response(envelope.id, call.error()));
    co_return;
  }
  caller.request = &envelope;
  co_await call_named(caller, *call, text, mcp::ListKind::tools, std::move(reply));
}

base::Task<void> Endpoint::use_resource(Caller& caller, const mcp::Envelope& envelope, std::string_view body,
                                        std::shared_ptr<Reply> reply) {
  auto uri = mcp::split_unified_uri(envelope.name);
  const auto definition = uri ? connections_.find(uri->vendor) : nullptr;
  if (!definition) {
    co_await finish(caller, envelope, reply, unknown_resource(envelope, caller.client.era, envelope.name));
    co_return;
  }
  Errand errand{
      .definition = definition, .token = envelope.name_token, .unified = {}, .name = std::move(uri->uri), .mapped = {}};
  co_await run_errand(caller, envelope, body, std::move(errand), std::move(reply));
}

// The thing to be completed is named inside params.ref: a prompt by its name, a resource template by its URI.
base::Task<void> Endpoint::complete(Caller& caller, const mcp::Envelope& envelope, std::string_view body,
                                    std::shared_ptr<Reply> reply) {
  const auto ref = mcp::read_completion_ref(envelope.params);
  if (!ref) {
    co_await finish(caller, envelope, reply,
                    mcp::error_response(envelope.id, mcp::kInvalidParams, ref.error().message));
    co_return;
  }
  Errand errand{.definition = {}, .token = ref->token, .unified = {}, .name = {}, .mapped = {}};
  if (ref->type == "ref/prompt") {
    if (const auto name = mcp::split_unified_name(ref->text)) {
      errand.definition = connections_.find(name->vendor);
      errand.unified = ref->text;
      errand.name = name->rest;
      errand.mapped = mcp::ListKind::prompts;
    }
  } else if (auto uri = mcp::split_unified_uri(ref->text)) {
    errand.definition = connections_.find(uri->vendor);
    errand.name = std::move(uri->uri);
  }
  if (!errand.definition) {
    co_await finish(
        caller, envelope, reply,
        mcp::error_response(envelope.id, mcp::kInvalidParams, fmt::format("Nothing here is called {}.", ref->text)));
    co_return;
  }
  co_await run_errand(caller, envelope, body, std::move(errand), std::move(reply));
}

}  // namespace gateway
