// The MCP endpoints: POST, GET and DELETE on /v1/mcp (every vendor) and /v1/{vendor}/mcp (one vendor), over Streamable
// HTTP: the modern era (2026-07-28 basic/transports/streamable-http) for requests that carry its _meta or its version
// header, the legacy era (2025-11-25 basic/transports and the revisions before it) for all others; and over the
// deprecated HTTP+SSE transport (2024-11-05) for clients that begin with GET.
//
// The order of checks is binding: Origin and Host (403), bearer (401 with a challenge), vendor (404), method (405),
// session (404 only for one that was ended), then the message. Once the bearer is accepted, a JSON-RPC request is
// answered with HTTP 200 and a JSON-RPC result or error, whatever the vendor does; the modern era has 400 and 404 for
// what is wrong with the request itself. Thread-safe: one instance serves every I/O thread.
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <string>

#include "gateway/announcer.hpp"
#include "gateway/askable_channels.hpp"
#include "gateway/catalogue.hpp"
#include "gateway/connections.hpp"
#include "gateway/credential_asking.hpp"
#include "gateway/listenings.hpp"
#include "gateway/metrics.hpp"
#include "gateway/own_tools.hpp"
#include "gateway/relay.hpp"
#include "gateway/responder.hpp"
#include "gateway/session_channels.hpp"
#include "gateway/session_subscriptions.hpp"
#include "gateway/sessions.hpp"
#include "gateway/sse_connections.hpp"
#include "http/exchange.hpp"
#include "identity/preferences.hpp"
#include "identity/principal.hpp"
#include "mcp/envelope.hpp"

namespace gateway {

// What the endpoints stand on; all of it outlives them.
struct Foundations {
  base::IoThreads& threads;
  base::PerThread<base::TaskGroup>& tasks;
  base::Clock& clock;
  base::Random& random;
  store::Database& database;
  const identity::BearerVerifier& verifier;
  identity::Preferences& preferences;
  vault::Credentials& credentials;
  const base::Snapshot<vendor::Definitions>& definitions;
  vendor::Channels& channels;
  vendor::HealthBoard& health;
  prometheus::Registry& registry;
};

class Endpoint {
 public:
  // `session_key` signs session ids. REQUIRES: threads not started yet, or called on their start.
  Endpoint(Foundations foundations, const base::SecretString& session_key, Config config);
  ~Endpoint();

  [[nodiscard]] static bool owns(std::string_view path);
  base::Task<void> handle(http::Exchange& exchange);

  // Starts what runs beside the requests. Call once per I/O thread, on it.
  void start_on_this_thread();

  [[nodiscard]] Sessions& sessions() { return sessions_; }
  // Ends what a revoked grant opened. Errors: unavailable (the store is in trouble; what runs here has ended all the
  // same).
  base::Async<void> end_of_grant(std::string grant_id);
  // Brings the metrics up to date that are measured only when somebody reads them. Thread-safe.
  void measure() { metrics_.sessions(sessions_.size()); }
  // Wakes every open stream so that it ends itself (drain).
  void end_streams();
  // Answers the calls under way on this I/O thread with an error, at the end of a drain. A client that does not take
  // its answer until then goes without.
  base::Task<void> give_up_calls(base::SteadyTime until);
  // Closes the upstream channels.
  void close();

 private:
  // Whoever takes one by reference is awaited while it lives.
  struct Caller;
  [[nodiscard]] std::shared_ptr<const identity::Principal> known_principal(http::Exchange& exchange) const;
  base::Task<void> serve(http::Exchange& exchange, std::string_view slug,
                         std::shared_ptr<const identity::Principal> principal);
  base::Task<void> post(http::Exchange& exchange, Caller caller);
  base::Task<void> get(http::Exchange& exchange, Caller caller);
  base::Task<void> stream_to(http::Exchange& exchange, std::shared_ptr<Session> session,
                             std::shared_ptr<EventStream> stream, std::optional<std::uint64_t> after);
  base::Task<void> end_session(http::Exchange& exchange, Caller caller);
  struct Posted;
  base::Task<void> open_sse(http::Exchange& exchange, Caller& caller);
  base::Task<void> post_sse(http::Exchange& exchange, Caller& caller, std::string_view id);
  base::Task<void> take_posted(std::shared_ptr<Posted> posted);
  void join(SseConnection& connection, const std::shared_ptr<Session>& session);

  base::Task<bool> find_session(http::Exchange& exchange, Caller& caller);
  base::Task<void> post_modern(http::Exchange& exchange, Caller& caller, const mcp::Envelope& envelope);
  base::Task<void> discover(Caller& caller, const mcp::Envelope& envelope, std::shared_ptr<Reply> reply);
  base::Task<boost::json::object> unified_capabilities(std::string subject, mcp::Era era);
  base::Task<boost::json::object> vendor_discovery(Caller& caller);
  // Whether the request came with a requestState of the gateway's own, and was answered.
  base::Task<bool> resume(Caller& caller, const mcp::Envelope& envelope, std::string_view body,
                          std::shared_ptr<Reply> reply);

  base::Task<void> post_batch(http::Exchange& exchange, Caller& caller, std::string_view body);
  base::Task<std::string> open_session(Caller& caller, const mcp::Envelope& envelope,
                                       std::shared_ptr<EventStream> own_stream);
  base::Task<void> initialize(http::Exchange& exchange, Caller& caller, const mcp::Envelope& envelope);
  base::Task<void> finish(const Caller& caller, const mcp::Envelope& envelope, std::shared_ptr<Reply> reply,
                          std::string response);
  base::Task<void> answer(Caller& caller, const mcp::Envelope& envelope, std::string_view body,
                          std::shared_ptr<Reply> reply);
  base::Task<void> set_log_level(Caller& caller, const mcp::Envelope& envelope, std::shared_ptr<Reply> reply);
  base::Task<void> answer_unified(Caller& caller, const mcp::Envelope& envelope, std::string_view body,
                                  std::shared_ptr<Reply> reply);
  base::Task<void> refuse_method(const Caller& caller, const mcp::Envelope& envelope, std::shared_ptr<Reply> reply);
  base::Task<void> list(Caller& caller, const mcp::Envelope& envelope, mcp::ListKind kind,
                        std::shared_ptr<Reply> reply);
  base::Task<void> call_named(Caller& caller, const mcp::Envelope& envelope, std::string_view body, mcp::ListKind kind,
                              std::shared_ptr<Reply> reply);
  base::Task<void> call_own(Caller& caller, const mcp::Envelope& envelope, std::string_view body,
                            std::shared_ptr<Reply> reply);
  base::Task<void> call_inner(Caller& caller, const mcp::Envelope& envelope, std::string_view body,
                              std::shared_ptr<Reply> reply);
  base::Task<void> use_resource(Caller& caller, const mcp::Envelope& envelope, std::string_view body,
                                std::shared_ptr<Reply> reply);
  base::Task<void> complete(Caller& caller, const mcp::Envelope& envelope, std::string_view body,
                            std::shared_ptr<Reply> reply);
  base::Task<void> use_task(Caller& caller, const mcp::Envelope& envelope, std::string_view body,
                            std::shared_ptr<Reply> reply);
  struct TaskLists;
  base::Task<void> list_tasks(Caller& caller, const mcp::Envelope& envelope, std::shared_ptr<Reply> reply);
  base::Task<void> ask_for_tasks(Caller caller, Connection connection, std::shared_ptr<TaskLists> lists,
                                 std::size_t place);

  struct Errand;
  base::Task<void> run_errand(Caller& caller, const mcp::Envelope& envelope, std::string_view body, Errand errand,
                              std::shared_ptr<Reply> reply);
  base::Async<void> carry(const Caller& caller, const mcp::Envelope& envelope, std::string_view body,
                          const Errand& errand, const Connection& connection, std::shared_ptr<Reply> reply);
  base::Async<void> relay(Way way, const RelayedRequest& request, const vendor::Definition& definition,
                          std::shared_ptr<Reply> reply, base::SteadyTime deadline);
  base::Soon<void> fit_to_tool(const Caller& caller, const Connection& connection, RelayedRequest& request,
                               base::SteadyTime deadline);
  struct ToolDemands;
  [[nodiscard]] std::optional<ToolDemands> known_demands(const Caller& caller, const Connection& connection) const;
  base::Async<void> fit_to_definition(const Caller& caller, const Connection& connection, RelayedRequest& request,
                                      std::optional<ToolDemands> demands, base::SteadyTime deadline);
  using Fields = std::vector<std::pair<std::string, std::string>>;
  [[nodiscard]] base::Result<Fields> own_fields(const Caller& caller, const mcp::Envelope& envelope,
                                                const Connection& connection, std::string_view tool) const;
  base::Async<bool> needs_task(const mcp::Envelope& envelope, const Connection& connection, const std::string& tool,
                               base::SteadyTime deadline);
  base::Task<void> answer_not_ready(const Caller& caller, const mcp::Envelope& envelope, const Connection& connection,
                                    std::string words, std::shared_ptr<Reply> reply);
  base::Task<CredentialAsking::Outcome> ask_for_credential(const Caller& caller, const mcp::Envelope& envelope,
                                                           const Connection& connection, std::string words,
                                                           std::shared_ptr<Reply> reply);
  base::Task<void> answer_retry(Caller& caller, const mcp::Envelope& envelope, std::string_view body, OpenedState state,
                                std::shared_ptr<Reply> reply);
  // The request as it was before any answers were added to it.
  base::Task<void> answer_anew(Caller& caller, const mcp::Envelope& envelope, std::string_view body,
                               std::shared_ptr<Reply> reply);
  base::Task<void> take_notification(Caller& caller, const mcp::Envelope& envelope, std::string_view body);
  base::Task<void> take_response(Caller& caller, const mcp::Envelope& envelope, std::string_view body);

  // By which channel a request goes. Errors: those of Connections::open.
  base::Soon<Way> way_of(const Caller& caller, const Connection& connection, std::string_view method,
                         base::SteadyTime deadline);
  base::Async<Way> open_way(const Caller& caller, const Connection& connection, std::string_view method,
                            base::SteadyTime deadline);
  base::Async<std::string> vendor_initialize_result(std::shared_ptr<Session> session, Connection connection);
  base::Soon<Connection> connection_of(const Caller& caller);
  base::Task<void> collect_for_ever();

  const Config config_;
  const std::string unified_resource_;
  base::Clock& clock_;
  const identity::BearerVerifier& verifier_;
  identity::Preferences& preferences_;
  base::PerThread<base::TaskGroup>& tasks_;
  Sessions sessions_;
  SseConnections sse_connections_;
  Connections connections_;
  AskableChannels askable_;
  RequestStates states_;
  CredentialAsking asking_;
  Relay relay_;
  Catalogue catalogue_;
  OwnTools own_tools_;
  Announcer announcer_;
  Metrics metrics_;
  Listenings listenings_;
  SessionChannels session_channels_;
  SessionSubscriptions session_subscriptions_;
  base::PerThread<ResponderClock> clocks_;
};

}  // namespace gateway
