// Checks who asks, finds the session, and hands each message on. The methods' own work is in methods.cpp, the vendors'
// sessions in session_channel.cpp, GET in stream.cpp, the modern era in modern.cpp, HTTP+SSE in http_sse.cpp.
#include "gateway/endpoint.hpp"

#include "base/digest.hpp"
#include "base/error_shape.hpp"
#include "base/kept_memory.hpp"
#include "base/log.hpp"
#include "gateway/access.hpp"
#include "gateway/detail/answers.hpp"
#include "gateway/detail/caller.hpp"
#include "gateway/detail/collecting_reply.hpp"
#include "json/document.hpp"
#include "mcp/error.hpp"
#include "mcp/revision.hpp"

namespace gateway {
namespace {

constexpr std::string_view kUnifiedPath = "/v1/mcp";

// The vendor's slug of "/v1/{vendor}/mcp"; "" for the unified endpoint; nothing for another path.
std::optional<std::string_view> endpoint_of(std::string_view path) {
  constexpr std::string_view kPrefix = "/v1/";
  constexpr std::string_view kSuffix = "/mcp";
  if (path.ends_with('/')) path.remove_suffix(1);
  if (path == kUnifiedPath) return "";
  if (!path.starts_with(kPrefix) || !path.ends_with(kSuffix) || path.size() <= kPrefix.size() + kSuffix.size()) {
    return std::nullopt;
  }
  const auto slug = path.substr(kPrefix.size(), path.size() - kPrefix.size() - kSuffix.size());
  if (slug.contains('/')) return std::nullopt;
  return slug;
}

std::string resource_of(const Config& config, std::string_view slug) {
  return slug.empty() ? config.public_url + "/v1/mcp" : config.public_url + "/v1/" + std::string(slug) + "/mcp";
}

// The modern era is told by `_meta` and the version header alone: real clients send Mcp-Method on legacy requests too.
bool is_modern(std::string_view header, const mcp::Envelope& envelope) {
  if (!envelope.protocol_version.empty()) return true;
  return !header.empty() && !mcp::is_legacy_revision(header) && envelope.method != "initialize";
}

// The connection of HTTP+SSE that a message was posted for.
std::optional<std::string> sse_connection_of(std::string_view query) {
  if (!query.contains("sessionId=")) return std::nullopt;
  const auto parameters = http::Parameters::parse(query);
  const auto id = parameters ? parameters->find("sessionId") : std::nullopt;
  return id ? std::optional(std::string(*id)) : std::nullopt;
}

// Who sends requests with this head.
struct KnownPrincipal final : http::HeadFindings {
  explicit KnownPrincipal(std::shared_ptr<const identity::Principal> p) : principal(std::move(p)) {}
  const std::shared_ptr<const identity::Principal> principal;
};

base::SecretString derived_key(const base::SecretString& key, std::string_view purpose) {
  const auto derived = base::hmac_sha256(key.reveal(), purpose);
  return base::SecretString(std::string_view(reinterpret_cast<const char*>(derived.data()), derived.size()));
}

}  // namespace

Endpoint::Endpoint(Foundations f, const base::SecretString& session_key, Config config)
    : config_(std::move(config)),
      unified_resource_(resource_of(config_, "")),
      clock_(f.clock),
      verifier_(f.verifier),
      preferences_(f.preferences),
      tasks_(f.tasks),
      sessions_(f.database, f.clock, f.random, session_key, config_),
      sse_connections_(f.clock, f.random),
      connections_(f.threads, f.tasks, f.definitions, f.credentials, f.channels, f.health, config_),
      askable_(connections_, config_),
      states_(f.clock, f.random, derived_key(session_key, "request state")),
      asking_({connections_, f.credentials, states_, f.clock}, config_),
      relay_(f.tasks, states_, config_),
      catalogue_(connections_, f.health, f.tasks, config_),
      own_tools_(connections_, catalogue_, f.health, config_),
      announcer_(sessions_, connections_, catalogue_, f.credentials, f.health, f.preferences),
      metrics_(f.registry),
      listenings_(connections_, catalogue_, announcer_, f.tasks, f.random, metrics_, config_),
      session_channels_(connections_, sessions_, announcer_, f.tasks, f.random),
      session_subscriptions_(sessions_, session_channels_, relay_, f.tasks, config_),
      clocks_(f.threads.size(), [&](std::size_t index) {
        return std::make_unique<ResponderClock>(f.threads.executor(index), f.tasks.at(index), config_);
      }) {}

Endpoint::~Endpoint() = default;

bool Endpoint::owns(std::string_view path) { return endpoint_of(path).has_value(); }

void Endpoint::start_on_this_thread() {
  clocks_.local().start();
  if (base::IoThreads::current() != 0) return;
  tasks_.local().spawn("collect-sessions", collect_for_ever());
  catalogue_.prefetch(mcp::ListKind::tools, connections_.keyless());
}

void Endpoint::end_streams() {
  sessions_.for_each([](const std::shared_ptr<Session>& session) { session->own_stream()->wake(); });
  listenings_.wake();
  asking_.waits().close();
  sse_connections_.wake();
}

base::Async<void> Endpoint::end_of_grant(std::string grant_id) {
  listenings_.end_of_grant(grant_id);
  asking_.waits().end_of_grant(grant_id);
  co_return co_await sessions_.end_of_grant(std::move(grant_id));
}

base::Task<void> Endpoint::give_up_calls(base::SteadyTime until) {
  base::Error stopping{base::Kind::unavailable,
                       "gateway.stopping",
                       "The gateway is being restarted and cannot wait longer for the answer. Whether the request took "
                       "effect is not known: check before sending it again.",
                       {},
                       {}};
  co_await clocks_.local().give_up_calls(std::move(stopping), until);
}

void Endpoint::close() {
  askable_.close();
  connections_.close();
}

base::Task<void> Endpoint::collect_for_ever() {
  base::Timer timer(co_await boost::asio::this_coro::executor);
  while (true) {
    timer.expires_after(std::chrono::seconds(60));
    boost::system::error_code ended;
    co_await timer.async_wait(base::error_into(ended));
    if (ended) co_return;
    relay_.collect(std::chrono::steady_clock::now());
    askable_.collect(std::chrono::steady_clock::now());
    sse_connections_.collect(std::chrono::steady_clock::now());
    auto collected = co_await sessions_.collect();
    if (!collected) base::log::warn("session.collect_failed", {{"error", collected.error().detail}});
    connections_.collect();
    catalogue_.collect();
  }
}

// The principal of the request before, if this one has the same head and it holds still.
std::shared_ptr<const identity::Principal> Endpoint::known_principal(http::Exchange& exchange) const {
  const auto* const known = dynamic_cast<const KnownPrincipal*>(exchange.findings().get());
  return known != nullptr && verifier_.still_good(*known->principal) ? known->principal : nullptr;
}

base::Task<void> Endpoint::handle(http::Exchange& exchange) {
  const auto& request = exchange.request();
  const auto slug = endpoint_of(request.path()).value_or("");
  if (auto known = known_principal(exchange)) return serve(exchange, slug, std::move(known));

  if (auto allowed = check_origin(config_, request.headers); !allowed) return respond_error(exchange, allowed.error());
  const auto token = bearer_token(request.headers);
  auto principal = verifier_.verify(token, slug.empty() ? unified_resource_ : resource_of(config_, slug));
  if (!principal) return respond_challenge(exchange, config_, slug, token, principal.error());
  exchange.findings() = std::make_unique<KnownPrincipal>(*principal);
  return serve(exchange, slug, *std::move(principal));
}

base::Task<void> Endpoint::serve(http::Exchange& exchange, std::string_view slug,
                                 std::shared_ptr<const identity::Principal> principal) {
  const auto& request = exchange.request();
  auto definition = slug.empty() ? nullptr : connections_.find(slug);
  if (!slug.empty() && !definition) {
    return respond_error(exchange, {base::Kind::not_found,
                                    "vendor.unknown",
                                    "There is no vendor \"" + std::string(slug) + "\" here, or it is switched off.",
                                    {},
                                    {}});
  }
  Caller caller{.principal = std::move(principal),
                .definition = std::move(definition),
                .slug = std::string(slug),
                .session = {},
                .client = {},
                .traceparent = traceparent(request.headers),
                .arrived = std::chrono::steady_clock::now(),
                .query = request.query(),
                .headers = nullptr};
  switch (request.method) {
    case http::Method::post:
      return post(exchange, std::move(caller));
    case http::Method::get:
      return get(exchange, std::move(caller));
    case http::Method::delete_:
      return end_session(exchange, std::move(caller));
    default:
      return respond_method_not_allowed(exchange, "GET, POST, DELETE");
  }
}

base::Task<void> Endpoint::post(http::Exchange& exchange, Caller caller) {
  auto& request = exchange.request();
  const auto content_type = request.headers.get("Content-Type");
  if (!content_type.empty() && !content_type.starts_with("application/json")) {
    co_await respond_status(exchange, 415,
                            mcp::error_response({}, mcp::kInvalidRequest, "Content-Type must be application/json."));
    co_return;
  }

  if (const auto connection = sse_connection_of(caller.query)) {
    co_await post_sse(exchange, caller, *connection);
    co_return;
  }

  const auto version = request.headers.get("MCP-Protocol-Version");
  if (mcp::is_batch(request.body)) {
    if (!co_await find_session(exchange, caller)) co_return;
    co_await post_batch(exchange, caller, request.body);
    co_return;
  }
  const auto envelope = mcp::scan(request.body);
  if (!envelope) {
    co_await respond_status(exchange, 400, mcp::error_response({}, envelope.error()));
    co_return;
  }
  if (is_modern(version, *envelope)) {
    co_await post_modern(exchange, caller, *envelope);
    co_return;
  }
  if (const auto id = request.headers.get("Mcp-Session-Id"); !id.empty()) {
    caller.session = sessions_.at_hand(id, caller.principal->subject, caller.slug);
    if (caller.session) {
      caller.client = caller.session->client();
    } else if (!co_await find_session(exchange, caller)) {
      co_return;
    }
  }

  switch (envelope->shape) {
    case mcp::Shape::notification:
      co_await take_notification(caller, *envelope, request.body);
      co_await respond_accepted(exchange);
      co_return;
    case mcp::Shape::response:
      co_await take_response(caller, *envelope, request.body);
      co_await respond_accepted(exchange);
      co_return;
    case mcp::Shape::request:
      if (envelope->method == "initialize") {
        co_await initialize(exchange, caller, *envelope);
        co_return;
      }
      const auto responder =
          base::make_shared_kept<Responder>(exchange, caller.session, std::string(envelope->id), clocks_.local());
      co_await answer(caller, *envelope, request.body, responder);
      co_return;
  }
}

// False when the request names a session that cannot be had, and was answered with that.
base::Task<bool> Endpoint::find_session(http::Exchange& exchange, Caller& caller) {
  const auto& headers = exchange.request().headers;
  const auto id = headers.get("Mcp-Session-Id");
  if (id.empty()) co_return true;
  auto session = co_await sessions_.find(std::string(id), *caller.principal, caller.slug,
                                         std::string(headers.get("MCP-Protocol-Version")));
  if (!session) {
    co_await respond_session_error(exchange, session.error());
    co_return false;
  }
  caller.session = *std::move(session);
  caller.client = caller.session->client();
  co_return true;
}

// A batch is answered with one array once all its requests are; what vendors say before their responses is dropped,
// and they cannot ask anything meanwhile.
base::Task<void> Endpoint::post_batch(http::Exchange& exchange, Caller& caller, std::string_view body) {
  const auto version = caller.session ? std::string_view(caller.session->record().protocol_version)
                                      : exchange.request().headers.get("MCP-Protocol-Version");
  if (!version.empty() && !mcp::has_batches(version)) {
    co_await respond_status(exchange, 400,
                            mcp::error_response({}, mcp::kInvalidRequest,
                                                "Batches exist in revision 2025-03-26 only; this session speaks " +
                                                    std::string(version) + "."));
    co_return;
  }
  auto messages = mcp::split_batch(body, config_.batch_messages);
  if (!messages) {
    co_await respond_status(exchange, 400, mcp::error_response({}, messages.error()));
    co_return;
  }

  std::string out;
  for (const auto& message : *messages) {
    const auto envelope = mcp::scan(message);
    std::string response;
    if (!envelope) {
      response = mcp::error_response({}, envelope.error());
    } else if (envelope->shape == mcp::Shape::notification) {
      co_await take_notification(caller, *envelope, message);
    } else if (envelope->shape == mcp::Shape::response) {
      co_await take_response(caller, *envelope, message);
    } else if (envelope->method == "initialize") {
      response = mcp::error_response(envelope->id, mcp::kInvalidRequest, "initialize must not be part of a batch.");
    } else {
      const auto reply = std::make_shared<CollectingReply>();
      co_await answer(caller, *envelope, message, reply);
      response = reply->take();
    }
    if (!response.empty()) out += (out.empty() ? "[" : ",") + response;
  }
  if (out.empty()) {
    co_await respond_accepted(exchange);
    co_return;
  }
  co_await respond_status(exchange, 200, out + "]");
}

base::Task<void> Endpoint::end_session(http::Exchange& exchange, Caller caller) {
  const auto id = exchange.request().headers.get("Mcp-Session-Id");
  if (id.empty()) {
    co_await respond_status(exchange, 400, mcp::error_response({}, mcp::kInvalidRequest, "Mcp-Session-Id is missing."));
    co_return;
  }
  auto session = co_await sessions_.find(std::string(id), *caller.principal, caller.slug, {});
  if (!session) {
    co_await respond_session_error(exchange, session.error());
    co_return;
  }
  asking_.waits().end_of_session((*session)->record().id);
  auto ended = co_await sessions_.end(*std::move(session));
  if (!ended) {
    co_await respond_error(exchange, ended.error());
    co_return;
  }
  (void)co_await exchange.respond(http::Response::empty(204));
}

}  // namespace gateway
