#include "gateway/session_channels.hpp"

#include <utility>

#include "base/log.hpp"
#include "gateway/askable_channels.hpp"
#include "gateway/back_off.hpp"
#include "gateway/detail/log_level.hpp"
#include "gateway/detail/own_client.hpp"
#include "gateway/detail/resource_requests.hpp"
#include "gateway/relay.hpp"
#include "json/document.hpp"
#include "mcp/error.hpp"
#include "mcp/own_info.hpp"
#include "mcp/subscriptions.hpp"
#include "mcp/unified_uri.hpp"

namespace gateway {
namespace {

using Clock = std::chrono::steady_clock;

// One try to open what was lost, its resources included.
constexpr std::chrono::seconds kAttempt{30};
// A client waits no longer than this until a vendor is heard for what it subscribed to.
constexpr std::chrono::seconds kHearing{3};

bool is_listening(const Session& session) { return session.own_stream()->is_read(); }

void listen_on(const Session& session, const Upstream& upstream) {
  upstream.channel->listen(upstream.listener, {.uris = session.followed().of(upstream.vendor)});
}

void tell_updated(const Session& session, std::string_view vendor, std::string_view uri) {
  const bool unified = session.record().endpoint.empty();
  session.own_stream()->append_once(resource_updated(unified ? mcp::unified_uri(vendor, uri) : std::string(uri)));
}

void tell_lists(const Session& session, const vendor::Channel& channel) {
  const auto facts = read_vendor_facts(channel.era(), channel.opening_result());
  for (const auto kind : kAnnouncedKinds) {
    if (facts.offers(kind)) session.own_stream()->append_once(mcp::notification(mcp::list_changed(kind)));
  }
}

// See is_of_client_tasks().
std::string without_client_tasks(const std::string& params) {
  if (!params.contains("\"tasks\"")) return params;
  auto object = json::parse_object(params);
  if (!object) return params;
  if (auto* capabilities = object->if_contains("capabilities"); capabilities != nullptr && capabilities->is_object()) {
    capabilities->get_object().erase("tasks");
  }
  return boost::json::serialize(*object);
}

// What the vendor is told of the session's client.
std::string initialize_params(const Session& session) {
  const auto& record = session.record();
  const auto& params = record.client->initialize_params;
  if (params != "{}") return record.endpoint.empty() ? without_client_tasks(params) : params;
  // A session taken up again without its record: nothing is known of its client.
  return mcp::own_initialize_params(record.protocol_version);
}

}  // namespace

// Passes what the vendor says by itself to the session's own stream.
class SessionChannels::Ear final : public vendor::Listener {
 public:
  Ear(SessionChannels& owner, std::weak_ptr<Session> session, std::weak_ptr<vendor::Channel> channel,
      const Connection& connection)
      : owner_(owner),
        session_(std::move(session)),
        channel_(std::move(channel)),
        vendor_(connection.definition->slug),
        credential_owner_(connection.owner()),
        is_remote_(connection.definition->http.has_value()) {}

  void on_message(vendor::Message message) override {
    const auto session = session_.lock();
    const auto channel = channel_.lock();
    if (!session || !channel) return;
    message.reserve(message.size() + mcp::kPadding);
    const auto envelope = mcp::scan(message);
    if (!envelope) return;
    const bool on_unified = session->record().endpoint.empty();
    if (const auto kind = changed_list(envelope->method)) {
      // On the unified endpoint the catalogue tells, once it has the new list.
      if (!on_unified) session->own_stream()->append_once(mcp::without_subscription_id(message, *envelope));
      owner_.connections_.list_changes().emit({vendor_, credential_owner_, *kind});
      return;
    }
    if (on_unified && envelope->shape == mcp::Shape::request && is_of_client_tasks(*envelope)) {
      return answer_vendor(owner_.tasks_.local(), channel, *envelope);
    }
    const bool is_update = envelope->method == "notifications/resources/updated";
    if (is_update && !is_wanted(*session, *channel, envelope->name)) return;
    if (is_update) message = mcp::without_subscription_id(message, *envelope);
    auto mapped = for_client(*session, channel, on_unified ? vendor_ : "", std::move(message));
    if (!mapped) return;
    is_update ? session->own_stream()->append_once(*mapped) : session->own_stream()->append(*std::move(mapped));
  }

  // A process only ends when nobody uses it, or crashes; a vendor that forgets its sessions was restarted, perhaps as
  // another version. On the unified endpoint the catalogue sees to the lists.
  void on_closed() override {
    const auto session = session_.lock();
    if (!session) return;
    const bool follows = !session->followed().of(vendor_).empty();
    const bool has_lists = is_remote_ && !session->record().endpoint.empty();
    if (follows || has_lists) owner_.start_restoring(session, vendor_, Haste::after_a_pause);
  }

 private:
  // Others may have subscribed in the same process. And a modern vendor's former subscription ends a little later.
  [[nodiscard]] bool is_wanted(const Session& session, const vendor::Channel& channel, std::string_view uri) const {
    if (is_remote_ && channel.era() == mcp::Era::legacy) return true;
    return concerns(uri, session.followed().of(vendor_));
  }

  SessionChannels& owner_;
  const std::weak_ptr<Session> session_;
  const std::weak_ptr<vendor::Channel> channel_;
  const std::string vendor_;
  const std::string credential_owner_;
  const bool is_remote_;
};

SessionChannels::SessionChannels(Connections& connections, Sessions& sessions, Announcer& announcer,
                                 base::PerThread<base::TaskGroup>& tasks, base::Random& random)
    : connections_(connections),
      sessions_(sessions),
      tasks_(tasks),
      random_(random),
      on_announced_(announcer.announcements().subscribe([this](const ListChange& change) { on_announced(change); })) {}

base::Soon<std::shared_ptr<vendor::Channel>> SessionChannels::get(const std::shared_ptr<Session>& session,
                                                                  const Connection& connection,
                                                                  base::SteadyTime deadline) {
  if (auto channel = session->channel(connection.definition->slug, connection.key())) return channel;
  return opening_.run(
      session->record().id + connection.key(),
      [this, session, connection, deadline] { return open(session, connection, deadline); }, deadline);
}

base::Async<std::shared_ptr<vendor::Channel>> SessionChannels::open(std::shared_ptr<Session> session,
                                                                    Connection connection, base::SteadyTime deadline) {
  const auto& vendor = connection.definition->slug;
  if (auto channel = session->channel(vendor, connection.key())) co_return channel;
  // A stdio process of its own, so that a question reaches this client alone.
  const auto affinity = can_be_asked(session->client().capabilities) ? session->record().id : std::string();
  auto channel = co_await connections_.open(connection, initialize_params(*session), affinity, deadline);
  if (!channel) co_return std::move(channel).failure();
  const Upstream upstream{vendor, *channel, connection.key(),
                          std::make_shared<Ear>(*this, session, *channel, connection)};
  session->set_upstream(upstream);
  if (session->wants_vendor_messages()) listen_on(*session, upstream);
  const auto level = session->client().log_level;
  if (!level.empty()) {
    auto asked = co_await ask_log_level(*channel, level, deadline);
    if (!asked) co_return std::move(asked).failure();
  }
  co_await subscribe_again(session, vendor, *channel, deadline);
  co_return channel;
}

// What the session followed in a channel that is gone.
base::Task<void> SessionChannels::subscribe_again(std::shared_ptr<Session> session, std::string vendor,
                                                  std::shared_ptr<vendor::Channel> channel, base::SteadyTime deadline) {
  for (const auto& uri : session->followed().of(vendor)) {
    if (channel->era() == mcp::Era::legacy) {
      auto subscribed = co_await subscribe_to(channel, uri, deadline);
      if (!subscribed) {
        base::log::info("subscription.failed", {{"vendor", vendor}, {"error", subscribed.error().message}});
        co_return;
      }
    }
    tell_updated(*session, vendor, uri);
  }
}

void SessionChannels::listen(const std::shared_ptr<Session>& session) {
  session->want_vendor_messages();
  for (const auto& upstream : session->upstreams()) listen_on(*session, upstream);
  for (const auto& vendor : session->followed().vendors()) start_restoring(session, vendor, Haste::at_once);
}

base::Task<void> SessionChannels::listen_anew(std::shared_ptr<Session> session, std::string vendor) {
  if (!session->wants_vendor_messages()) co_return;
  for (const auto& upstream : session->upstreams()) {
    if (upstream.vendor != vendor) continue;
    listen_on(*session, upstream);
    (void)co_await upstream.channel->hears(Clock::now() + kHearing);
  }
}

void SessionChannels::start_restoring(const std::shared_ptr<Session>& session, const std::string& vendor, Haste haste) {
  if (!is_listening(*session)) return;
  if (session->begin_restoring(vendor)) {
    tasks_.local().spawn("restore-session", restore(session, vendor, haste));
  } else if (haste == Haste::at_once) {
    hurried_.notify_all();
  }
}

base::Task<void> SessionChannels::restore(std::shared_ptr<Session> session, std::string vendor, Haste haste) {
  struct Restoring {
    Session& session;
    const std::string& vendor;
    ~Restoring() { session.end_restoring(vendor); }
  };
  const Restoring restoring{*session, vendor};
  BackOff back_off;
  bool may_try = haste == Haste::at_once;
  while (is_listening(*session)) {
    auto ticket = hurried_.prepare();
    if (may_try && co_await try_to_restore(session, vendor)) co_return;
    may_try = true;
    co_await ticket.wait(Clock::now() + back_off.on_failure(random_.fraction()));
  }
}

base::Async<void> SessionChannels::try_to_restore(std::shared_ptr<Session> session, std::string vendor) {
  const auto definition = connections_.find(vendor);
  if (!definition) co_return base::fail(base::Kind::not_found, "vendor.unknown", "It is switched off.");
  auto connection = co_await connections_.resolve(session->record().subject, definition);
  if (!connection) co_return std::move(connection).failure();
  if (connection->readiness != Readiness::ready) {
    co_return base::fail(base::Kind::vendor_down, "connection.not_ready", "It cannot be used now.");
  }
  if (session->channel(vendor, connection->key())) co_return base::Result<void>();
  auto channel = co_await get(session, *std::move(connection), Clock::now() + kAttempt);
  if (!channel) co_return std::move(channel).failure();
  if (!session->record().endpoint.empty()) tell_lists(*session, **channel);
  co_return base::Result<void>();
}

// The vendor is there again, or the credential is another one: a channel of the former one is of no use.
void SessionChannels::on_announced(const ListChange& change) {
  sessions_.for_each([&](const std::shared_ptr<Session>& session) {
    const bool concerned = change.owner.empty() || change.owner == session->record().subject;
    if (concerned && !session->followed().of(change.vendor).empty()) {
      start_restoring(session, change.vendor, Haste::at_once);
    }
  });
}

}  // namespace gateway
