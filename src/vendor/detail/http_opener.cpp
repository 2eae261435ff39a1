#include "vendor/detail/http_opener.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "mcp/revision.hpp"
#include "vendor/detail/discovery.hpp"
#include "vendor/detail/http_channel.hpp"
#include "vendor/detail/modern_http_channel.hpp"
#include "vendor/detail/sse_channel.hpp"

namespace vendor::detail {
namespace {

using base::Kind;

// The code of errors by which a vendor that was taken for one of the modern era turns out to be none.
constexpr std::string_view kSpeaksLegacy = "vendor.speaks_legacy";

bool is_stated(const HttpPeer& peer) { return peer.definition().protocol != Protocol::automatic; }

// What to try after an error that says: not this. Nothing for all other errors.
std::optional<Protocol> instead(const base::Error& error) {
  if (error.code == kSpeaksModern) return Protocol::modern;
  if (error.code == kSpeaksLegacy) return Protocol::legacy;
  if (error.code == kNoSse) return Protocol::automatic;
  return std::nullopt;
}

// Whether the answer to server/discover is none of a modern server's: a 4xx without a JSON-RPC error of that era.
bool is_legacy_refusal(const base::Error& error) { return error.code == kSessionGone || error.code == kHttpRefused; }

// An answer that no server should give, and that some of the legacy era give to what they do not know: 500, a page, a
// 202, or none at all. Whether initialize fares better says more.
bool is_inconclusive(const base::Error& error) {
  const bool is_answer = error.code == kDiscoverRefused;
  return !is_answer && (error.kind == Kind::vendor_invalid || error.kind == Kind::vendor_timeout);
}

base::Async<Message> response_of(Call& call, base::SteadyTime deadline) {
  while (true) {
    auto message = co_await call.next(deadline);
    if (!message) co_return message;
    const auto envelope = mcp::scan(*message);
    if (envelope && envelope->shape == mcp::Shape::response) co_return message;
  }
}

}  // namespace

HttpOpener::HttpOpener(base::PerThread<http::Client>& clients, Tasks& tasks, ProtocolMemory& memory, Pulse& pulse,
                       const base::Clock& clock, base::Random& random, HttpChannelConfig config)
    : clients_(clients),
      tasks_(tasks),
      memory_(memory),
      pulse_(pulse),
      clock_(clock),
      random_(random),
      config_(std::move(config)) {}

base::Async<std::shared_ptr<Channel>> HttpOpener::open(OpenParams params, base::SteadyTime deadline) {
  const Peer peer =
      std::make_shared<const HttpPeer>(params.definition, params.injection, clients_, tasks_, clock_, config_);
  const auto stated = params.definition->protocol;
  const auto first = is_stated(*peer) ? stated : memory_.recall(*params.definition).value_or(stated);
  // Nothing is asked of the vendor, so that nothing is learned of its health either.
  if (auto known = first == Protocol::modern ? known_modern(peer) : nullptr) co_return known;

  auto attempt = pulse_.begin(params.definition->slug);
  if (!attempt) co_return std::move(attempt).failure();
  auto opened = co_await open_as(peer, first, params.initialize_params, deadline);
  if (const auto next = opened || is_stated(*peer) ? std::nullopt : instead(opened.error())) {
    memory_.forget(*params.definition);
    opened = co_await open_as(peer, *next, std::move(params.initialize_params), deadline);
  }
  if (opened) attempt->succeeded();
  if (!opened) attempt->failed(opened.error());
  co_return opened;
}

base::Async<std::shared_ptr<Channel>> HttpOpener::open_as(Peer peer, Protocol protocol, std::string initialize_params,
                                                          base::SteadyTime deadline) {
  switch (protocol) {
    case Protocol::automatic:
      return open_unknown(std::move(peer), std::move(initialize_params), deadline);
    case Protocol::legacy:
      return open_legacy(std::move(peer), std::move(initialize_params), deadline);
    case Protocol::modern:
      return open_modern(std::move(peer), deadline);
    case Protocol::sse:
      return open_sse(std::move(peer), std::move(initialize_params), deadline);
  }
  std::unreachable();
}

base::Async<std::shared_ptr<Channel>> HttpOpener::open_unknown(Peer peer, std::string initialize_params,
                                                               base::SteadyTime deadline) {
  const auto now = std::chrono::steady_clock::now();
  const auto probe_deadline = std::min(now + config_.probe_timeout, now + (deadline - now) / 2);
  auto discovered = co_await discover(peer, probe_deadline);
  if (discovered && *discovered) co_return modern_channel(std::move(peer), **std::move(discovered));
  const bool is_known_to_fail = !discovered && !is_inconclusive(discovered.error());
  if (is_known_to_fail) co_return std::move(discovered).failure();
  co_return co_await open_legacy(std::move(peer), std::move(initialize_params), deadline);
}

std::shared_ptr<Channel> HttpOpener::known_modern(const Peer& peer) {
  auto kept = memory_.discovered(peer->definition(), peer->injection().key, clock_.steady());
  if (!kept) return nullptr;
  Opening opening{mcp::Era::modern, *std::move(kept), std::string(mcp::kNewestModern)};
  return std::make_shared<ModernHttpChannel>(peer, std::move(opening), memory_, pulse_, random_);
}

base::Async<std::shared_ptr<Channel>> HttpOpener::open_modern(Peer peer, base::SteadyTime deadline) {
  auto discovered = co_await discover(peer, deadline);
  if (!discovered) co_return std::move(discovered).failure();
  if (*discovered) co_return modern_channel(std::move(peer), **std::move(discovered));
  co_return base::fail(Kind::vendor_invalid, std::string(kSpeaksLegacy),
                       fmt::format("vendor {} does not speak {}", peer->vendor(), mcp::kNewestModern));
}

base::Async<std::shared_ptr<Channel>> HttpOpener::open_legacy(Peer peer, std::string initialize_params,
                                                              base::SteadyTime deadline) {
  auto opened = co_await HttpChannel::open(peer, initialize_params, pulse_, random_, deadline);
  if (opened) memory_.remember(peer->definition(), Protocol::legacy);
  if (opened || opened.error().code != kHttpRefused || is_stated(*peer)) co_return opened;

  auto sse = co_await open_sse(std::move(peer), std::move(initialize_params), deadline);
  if (sse || sse.error().kind == Kind::vendor_rejected) co_return sse;
  co_return opened;
}

base::Async<std::shared_ptr<Channel>> HttpOpener::open_sse(Peer peer, std::string initialize_params,
                                                           base::SteadyTime deadline) {
  auto opened = co_await SseChannel::open(peer, std::move(initialize_params), pulse_, deadline);
  if (opened) memory_.remember(peer->definition(), Protocol::sse);
  co_return opened;
}

base::Async<std::optional<Opening>> HttpOpener::discover(Peer peer, base::SteadyTime deadline) {
  const auto text = discover_request(kOpeningId);
  const std::array<std::string_view, 1> pieces{text};
  const Outgoing outgoing{
      .pieces = pieces, .method = "server/discover", .name = {}, .id = kOpeningId, .traceparent = {}};
  auto call = co_await ModernHttpCall::send(peer, outgoing, deadline, Attempt(), ModernHttpCall::Answer::ends, [] {});
  auto response = call ? co_await response_of(**call, deadline) : base::Result<Message>(std::move(call).failure());
  if (response) co_return read_discovered(peer->vendor(), *response);
  if (is_legacy_refusal(response.error())) co_return std::nullopt;
  co_return std::move(response).failure();
}

std::shared_ptr<Channel> HttpOpener::modern_channel(Peer peer, Opening opening) {
  memory_.remember(peer->definition(), Protocol::modern);
  memory_.keep_discovered(peer->definition(), peer->injection().key, opening.result, ttl_of(opening.result),
                          clock_.steady());
  return std::make_shared<ModernHttpChannel>(std::move(peer), std::move(opening), memory_, pulse_, random_);
}

}  // namespace vendor::detail
