#include "gateway/listenings.hpp"

#include <algorithm>

#include "gateway/detail/answers.hpp"
#include "gateway/detail/stream_reader.hpp"
#include "http/sse.hpp"
#include "mcp/error.hpp"
#include "mcp/own_info.hpp"
#include "mcp/unified_uri.hpp"

namespace gateway {
namespace {

// A client waits for its acknowledgement no longer than this for vendors.
constexpr std::chrono::seconds kPatience{5};

bool& wanted(mcp::SubscriptionFilter& filter, mcp::ListKind kind) {
  return kind == mcp::ListKind::tools     ? filter.tools
         : kind == mcp::ListKind::prompts ? filter.prompts
                                          : filter.resources;
}

std::string in_words_of_client(const std::string& endpoint, std::string_view vendor, std::string uri) {
  return endpoint.empty() ? mcp::unified_uri(vendor, uri) : std::move(uri);
}

}  // namespace

// A listening's place among the open ones. What is behind it ends with it.
class Listenings::Place {
 public:
  Place(Listenings& all, const std::shared_ptr<Listening>& listening)
      : all_(all), listening_(listening.get()), is_taken_(all.enter(listening)) {}
  ~Place() {
    if (is_taken_) all_.leave(listening_);
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  [[nodiscard]] bool is_taken() const { return is_taken_; }

 private:
  Listenings& all_;
  const Listening* listening_;
  const bool is_taken_;
};

Listenings::Listenings(Connections& connections, Catalogue& catalogue, Announcer& announcer,
                       base::PerThread<base::TaskGroup>& tasks, base::Random& random, Metrics& metrics, Config config)
    : connections_(connections),
      catalogue_(catalogue),
      tasks_(tasks),
      random_(random),
      metrics_(metrics),
      config_(std::move(config)),
      on_announced_(announcer.announcements().subscribe([this](const ListChange& change) { on_announced(change); })),
      on_vendor_said_(
          connections.list_changes().subscribe([this](const ListChange& change) { on_vendor_said(change); })) {}

base::Task<void> Listenings::serve(http::Exchange& exchange, identity::Principal principal, std::string endpoint,
                                   const mcp::Envelope& envelope) {
  const auto began = std::chrono::steady_clock::now();
  const auto count = [&](std::string_view outcome) {
    metrics_.request(endpoint.empty() ? "unified" : endpoint, envelope.method, outcome,
                     std::chrono::steady_clock::now() - began);
  };
  if (!exchange.request().headers.get("Accept").contains("text/event-stream")) {
    count("invalid");
    co_await respond_status(exchange, 406,
                            mcp::error_response(envelope.id, mcp::kInvalidRequest,
                                                "subscriptions/listen needs Accept: text/event-stream."));
    co_return;
  }
  auto asked = mcp::read_subscription_filter(envelope.params, config_.subscribed_resources);
  const auto listening = std::make_shared<Listening>(
      Listening::Origin{std::string(envelope.id), principal.subject, principal.grant_id, endpoint},
      EventStream::Limits{config_.replay_events, config_.replay_bytes});
  const Place place(*this, listening);
  if (!asked || !place.is_taken()) {
    count(asked ? "too_many" : "invalid");
    const auto why = asked ? fmt::format(
                                 "{} subscriptions of yours are open, which is the limit. Close one, or ask "
                                 "for all you want to hear in one.",
                                 config_.listens_per_principal)
                           : asked.error().message;
    co_await respond_status(exchange, 200, mcp::error_response(envelope.id, mcp::kInvalidParams, why));
    co_return;
  }
  listening->acknowledge(co_await agree(listening, *std::move(asked)));
  count("ok");
  co_await send(exchange, *listening);
}

base::Task<void> Listenings::send(http::Exchange& exchange, const Listening& listening) {
  StreamReader reader(exchange, co_await boost::asio::this_coro::executor, listening.stream(), std::nullopt);
  if (auto started = co_await exchange.start(stream_head()); !started) co_return;
  const auto counted = metrics_.open_stream();
  const auto end = co_await reader.run(config_.ping_interval);
  if (end == StreamReader::End::gone) co_return;
  if (end == StreamReader::End::draining) {
    const auto result = mcp::subscription_ended(listening.origin().id, mcp::kOwnInfo);
    (void)co_await send_text(exchange, http::sse_event({}, result));
  }
  (void)co_await exchange.finish();
}

base::Task<mcp::SubscriptionFilter> Listenings::agree(std::shared_ptr<Listening> listening,
                                                      mcp::SubscriptionFilter asked) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  const auto& origin = listening->origin();
  // The vendors subscribe while their lists are seen to.
  const auto watches = follow(listening, std::exchange(asked.uris, {}));
  co_await agree_on_lists(origin, asked, deadline);
  for (const auto& [vendor, watch] : watches) {
    for (auto& uri : co_await watch->agreed(deadline)) {
      asked.uris.push_back(in_words_of_client(origin.endpoint, vendor, std::move(uri)));
    }
  }
  co_return asked;
}

// The gateway tells of changes itself, so that of tools, which every vendor may come to have, is always agreed on.
base::Task<void> Listenings::agree_on_lists(const Listening::Origin& origin, mcp::SubscriptionFilter& agreed,
                                            base::SteadyTime deadline) {
  std::vector<Connection> connections;
  std::shared_ptr<const VendorFacts> facts;
  if (origin.endpoint.empty()) {
    connections = co_await connections_.all(origin.person);
  } else if (const auto definition = connections_.find(origin.endpoint)) {
    auto connection = co_await connections_.resolve(origin.person, definition);
    if (connection && connection->readiness == Readiness::ready) {
      auto learned = co_await connections_.learn(*connection, deadline);
      facts = learned ? *std::move(learned) : connections_.facts(*connection);
    }
    if (connection) connections.push_back(*std::move(connection));
  }
  const auto may_offer = [&](mcp::ListKind kind) {
    if (!origin.endpoint.empty()) return facts && facts->offers(kind);
    return std::ranges::any_of(connections,
                               [&](const auto& each) { return connections_.may_offer(each.definition->slug, kind); });
  };
  for (const auto kind : kAnnouncedKinds) {
    auto& wants = wanted(agreed, kind);
    if (kind != mcp::ListKind::tools) wants = wants && may_offer(kind);
    // A change is told when a list differs from the one that is known.
    if (wants) catalogue_.prefetch(kind, connections);
  }
}

Listenings::Watches Listenings::follow(const std::shared_ptr<Listening>& listening,
                                       const std::vector<std::string>& uris) {
  const auto& endpoint = listening->origin().endpoint;
  std::map<std::string, std::vector<std::string>, std::less<>> by_vendor;
  for (const auto& uri : uris) {
    auto place = endpoint.empty() ? mcp::split_unified_uri(uri) : mcp::UnifiedUri{endpoint, uri};
    if (place) by_vendor[place->vendor].push_back(std::move(place->uri));
  }
  Watches watches;
  for (auto& [vendor, own_uris] : by_vendor) {
    auto tell = [weak = std::weak_ptr(listening), slug = vendor](std::string message) {
      if (const auto alive = weak.lock()) alive->tell_updated(slug, std::move(message));
    };
    auto watch = std::make_shared<ResourceWatch>(
        connections_, tasks_, random_, ResourceWatch::Subject{listening->origin().person, vendor, std::move(own_uris)},
        std::move(tell));
    tasks_.local().spawn("watch-resources", ResourceWatch::run(watch));
    watches.emplace(vendor, std::move(watch));
  }
  const base::Lock lock(mutex_);
  open_.at(listening.get()).watches = watches;
  return watches;
}

bool Listenings::enter(const std::shared_ptr<Listening>& listening) {
  const auto& person = listening->origin().person;
  const base::Lock lock(mutex_);
  const auto count =
      std::ranges::count_if(open_, [&](const auto& each) { return each.second.listening->origin().person == person; });
  if (static_cast<std::size_t>(count) >= config_.listens_per_principal) return false;
  open_.emplace(listening.get(), Open{listening, {}});
  return true;
}

void Listenings::leave(const Listening* listening) {
  Watches ending;
  {
    const base::Lock lock(mutex_);
    ending = std::move(open_.at(listening).watches);
    open_.erase(listening);
  }
  for (const auto& [vendor, watch] : ending) watch->stop();
}

// Of the person whose list it is, or of everybody, and on an endpoint where that vendor is seen.
std::vector<Listenings::Open> Listenings::open_for(const ListChange& change) const {
  std::vector<Open> out;
  const base::Lock lock(mutex_);
  for (const auto& [key, open] : open_) {
    const auto& origin = open.listening->origin();
    const bool sees_vendor = origin.endpoint.empty() || origin.endpoint == change.vendor;
    if (sees_vendor && (change.owner.empty() || change.owner == origin.person)) out.push_back(open);
  }
  return out;
}

void Listenings::on_announced(const ListChange& change) {
  for (const auto& open : open_for(change)) {
    open.listening->tell_list(change.kind);
    const auto watch = open.watches.find(change.vendor);
    if (watch != open.watches.end()) watch->second->look();
  }
}

// On the unified endpoint a change is told once the vendor's list was fetched anew; its own endpoint relays lists.
void Listenings::on_vendor_said(const ListChange& change) {
  for (const auto& open : open_for(change)) {
    if (!open.listening->origin().endpoint.empty()) open.listening->tell_list(change.kind);
  }
}

void Listenings::end_of_grant(std::string_view grant_id) {
  std::vector<Open> ending;
  {
    const base::Lock lock(mutex_);
    for (const auto& [key, open] : open_) {
      if (open.listening->origin().grant_id == grant_id) ending.push_back(open);
    }
  }
  for (const auto& open : ending) {
    open.listening->stream()->mute();
    for (const auto& [vendor, watch] : open.watches) watch->stop();
  }
}

void Listenings::wake() {
  std::vector<std::shared_ptr<Listening>> all;
  {
    const base::Lock lock(mutex_);
    for (const auto& [key, open] : open_) all.push_back(open.listening);
  }
  for (const auto& listening : all) listening->stream()->wake();
}

std::size_t Listenings::size() const {
  const base::Lock lock(mutex_);
  return open_.size();
}

}  // namespace gateway
