// Sessions and the vendors' sessions behind them: initialize, and the channel that a request goes through.
#include <fmt/format.h>

#include "base/log.hpp"
#include "base/version.hpp"
#include "gateway/detail/answers.hpp"
#include "gateway/detail/caller.hpp"
#include "gateway/detail/introduction.hpp"
#include "gateway/detail/log_level.hpp"
#include "json/document.hpp"
#include "mcp/error.hpp"
#include "mcp/own_info.hpp"
#include "mcp/revision.hpp"

namespace gateway {
namespace {

// initialize never waits longer than this for a vendor: clients give up on a server whose start fails.
constexpr std::chrono::seconds kInitializePatience{8};

std::string unified_result(std::string_view revision, boost::json::object capabilities, std::string_view public_url) {
  boost::json::object result{{"protocolVersion", revision},
                             {"capabilities", std::move(capabilities)},
                             {"serverInfo", boost::json::parse(mcp::kOwnInfo)},
                             {"instructions", unified_instructions(public_url)}};
  return boost::json::serialize(result);
}

// What a vendor endpoint says when its vendor cannot be asked: enough for the client to stay and be told of changes.
std::string absent_result(std::string_view revision, const vendor::Definition& definition, std::string_view why) {
  boost::json::object result{
      {"protocolVersion", revision},
      {"capabilities", {{"tools", {{"listChanged", true}}}}},
      {"serverInfo", {{"name", definition.slug}, {"title", definition.name}, {"version", base::kVersion}}},
      {"instructions", why}};
  return boost::json::serialize(result);
}

}  // namespace

// What an initialize request asks for; gives the response. Without a session the caller is left with none: the request
// was wrong.
base::Task<std::string> Endpoint::open_session(Caller& caller, const mcp::Envelope& envelope,
                                               std::shared_ptr<EventStream> own_stream) {
  const auto params = json::parse_object(envelope.params.empty() ? "{}" : envelope.params);
  const auto requested = params ? json::text_at(*params, "protocolVersion") : std::string_view();
  if (requested.empty()) {
    co_return mcp::error_response(envelope.id, mcp::kInvalidParams, "params.protocolVersion is missing.");
  }
  const std::string revision(mcp::negotiate(requested));
  boost::json::object kept = *params;
  kept["protocolVersion"] = revision;
  caller.session = co_await sessions_.open(*caller.principal, caller.slug, revision, boost::json::serialize(kept),
                                           std::move(own_stream));

  std::string result;
  if (caller.definition) {
    auto connection = co_await connection_of(caller);
    auto from_vendor = connection ? co_await vendor_initialize_result(caller.session, *connection)
                                  : base::Result<std::string>(connection.failure());
    result = from_vendor ? *std::move(from_vendor)
                         : absent_result(revision, *caller.definition, from_vendor.error().message);
  } else {
    result = unified_result(revision, co_await unified_capabilities(caller.principal->subject, mcp::Era::legacy),
                            config_.public_url);
  }
  metrics_.request(caller.slug.empty() ? "unified" : caller.slug, "initialize", "ok",
                   std::chrono::steady_clock::now() - caller.arrived);
  co_return mcp::result_response(envelope.id, result);
}

base::Task<void> Endpoint::initialize(http::Exchange& exchange, Caller& caller, const mcp::Envelope& envelope) {
  auto response = http::Response::json(200, co_await open_session(caller, envelope, nullptr));
  if (caller.session) response.headers.add("Mcp-Session-Id", caller.session->record().id);
  (void)co_await exchange.respond(std::move(response));
}

// The vendor's own answer, with the one promise added that the gateway keeps itself: changes of the tools are told.
base::Async<std::string> Endpoint::vendor_initialize_result(std::shared_ptr<Session> session, Connection connection) {
  if (connection.readiness != Readiness::ready) {
    co_return base::fail(base::Kind::vendor_down, "connection.not_ready", why_not(connection, config_.public_url));
  }
  auto channel =
      co_await session_channels_.get(session, connection, std::chrono::steady_clock::now() + kInitializePatience);
  if (!channel) co_return std::move(channel).failure();
  auto result = json::parse_object((*channel)->opening_result());
  if (!result) co_return std::move(result).failure();
  if ((*channel)->era() == mcp::Era::modern) {
    *result = initialize_result_of(*result, session->record().protocol_version, connection.definition->slug);
  }
  auto& capabilities = (*result)["capabilities"];
  if (!capabilities.is_object()) capabilities.emplace_object();
  if (auto* tools = capabilities.get_object().if_contains("tools"); tools != nullptr && tools->is_object()) {
    tools->get_object()["listChanged"] = true;
  }
  co_return boost::json::serialize(*result);
}

base::Soon<Connection> Endpoint::connection_of(const Caller& caller) {
  return connections_.resolve(caller.principal->subject, caller.definition);
}

base::Soon<Way> Endpoint::way_of(const Caller& caller, const Connection& connection, std::string_view method,
                                 base::SteadyTime deadline) {
  const bool goes_own_way = caller.session && (caller.definition || SessionSubscriptions::owns(method));
  const auto warm = goes_own_way ? nullptr : connections_.open_channel(connection);
  if (warm && !warm->stateful()) return Way{warm, {}};
  const bool knows_way = caller.session && (goes_own_way || warm);
  auto own = knows_way ? caller.session->channel(connection.definition->slug, connection.key()) : nullptr;
  if (own) return Way{std::move(own), {}};
  return open_way(caller, connection, method, deadline);
}

base::Async<Way> Endpoint::open_way(const Caller& caller, const Connection& connection, std::string_view method,
                                    base::SteadyTime deadline) {
  if (caller.session && (caller.definition || SessionSubscriptions::owns(method))) {
    auto own = co_await session_channels_.get(caller.session, connection, deadline);
    if (!own) co_return std::move(own).failure();
    co_return Way{*std::move(own), {}};
  }
  auto warm = co_await connections_.warm(connection, deadline);
  if (!warm) co_return std::move(warm).failure();
  // Nothing is bound to a channel of a vendor that keeps no session: it serves everybody.
  if (!(*warm)->stateful()) co_return Way{*std::move(warm), {}};
  if (caller.session) {
    auto own = co_await session_channels_.get(caller.session, connection, deadline);
    if (!own) co_return std::move(own).failure();
    co_return Way{*std::move(own), {}};
  }
  const bool for_itself = caller.is_modern() &&
                          (method == "tools/call" || method == "prompts/get" || method == "resources/read") &&
                          (can_be_asked(caller.client.capabilities) || !caller.client.log_level.empty());
  if (!for_itself) co_return Way{*std::move(warm), {}};
  auto lease =
      co_await askable_.take(connection, caller.principal->subject, std::string(caller.client.capabilities), deadline);
  if (!lease) co_return std::move(lease).failure();
  const auto& level = caller.client.log_level;
  if (!level.empty() && level != (*lease)->log_level()) {
    auto asked = co_await ask_log_level((*lease)->channel(), level, deadline);
    if (!asked) co_return std::move(asked).failure();
    (*lease)->set_log_level(level);
  }
  co_return Way{(*lease)->channel(), *lease};
}

}  // namespace gateway
