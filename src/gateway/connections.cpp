#include "gateway/connections.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/coarse_time.hpp"
#include "base/log.hpp"
#include "gateway/detail/connection_place.hpp"
#include "gateway/detail/own_client.hpp"
#include "mcp/envelope.hpp"
#include "mcp/own_info.hpp"

namespace gateway {
namespace {

std::string key_of(std::string_view vendor, std::string_view owner, std::int64_t version) {
  return owner.empty() ? std::string(vendor) : fmt::format("{}/{}/{}", vendor, owner, version);
}

}  // namespace

const std::string& Connection::key() const {
  if (!credential) return definition->slug;
  if (place) return place->key;
  if (made_key.empty()) made_key = key_of(definition->slug, credential->owner, credential->version);
  return made_key;
}

const std::string& Connection::owner() const {
  static const std::string nobody;
  return credential ? credential->owner : nobody;
}

bool lacks_credential(const Connection& connection) {
  return connection.readiness == Readiness::needs_credential || connection.readiness == Readiness::rejected;
}

std::string credential_page(const Connection& connection, std::string_view public_url) {
  return fmt::format("{}/settings/connections/{}", public_url, connection.definition->slug);
}

std::string why_not(const Connection& connection, std::string_view public_url) {
  const auto& definition = *connection.definition;
  const auto link = credential_page(connection, public_url);
  switch (connection.readiness) {
    case Readiness::ready:
      break;
    case Readiness::needs_credential:
      return fmt::format("{} ({}) needs your credential. Save it at {} and call again; no restart is needed.",
                         definition.name, definition.slug, link);
    case Readiness::rejected:
      return fmt::format("{} ({}) rejected the saved credential. Replace it at {} and call again.", definition.name,
                         definition.slug, link);
    case Readiness::down:
      return fmt::format("{} ({}) is down right now. Its tools come back by themselves; see {}/status.",
                         definition.name, definition.slug, public_url);
    case Readiness::unresolved:
      return fmt::format(
          "The gateway cannot read the credential for {} ({}) right now. Call again in a minute; if that does not "
          "help, "
          "tell its operator.",
          definition.name, definition.slug);
  }
  return {};
}

std::optional<mcp::ListKind> changed_list(std::string_view method) {
  const auto found =
      std::ranges::find_if(kAnnouncedKinds, [&](mcp::ListKind kind) { return mcp::list_changed(kind) == method; });
  if (found == kAnnouncedKinds.end()) return std::nullopt;
  return *found;
}

// Hears what a vendor says on a warm channel.
class Connections::WarmListener final : public vendor::Listener {
 public:
  WarmListener(Connections& owner, const Connection& connection)
      : owner_(owner),
        key_(connection.key()),
        vendor_(connection.definition->slug),
        credential_owner_(connection.owner()),
        is_remote_(connection.definition->http.has_value()) {}

  void on_message(vendor::Message message) override {
    message.reserve(message.size() + mcp::kPadding);
    const auto envelope = mcp::scan(message);
    if (!envelope) return;
    if (const auto kind = changed_list(envelope->method)) {
      owner_.list_changes_.emit({vendor_, credential_owner_, *kind});
    }
    if (envelope->shape != mcp::Shape::request) return;
    if (auto channel = owner_.channel_at(key_)) {
      answer_vendor(owner_.tasks_.local(), std::move(channel), *envelope);
    }
  }

  void on_closed() override {
    {
      const base::Lock lock(owner_.mutex_);
      const auto found = owner_.places_.find(key_);
      if (found != owner_.places_.end() && found->second->listener.get() == this) found->second->channel.reset();
    }
    // A vendor that forgets its sessions was restarted, perhaps as another version; a process only ends when nobody
    // uses it, or crashes.
    if (!is_remote_) return;
    for (const auto kind : kAnnouncedKinds) owner_.list_changes_.emit({vendor_, credential_owner_, kind});
  }

 private:
  Connections& owner_;
  const std::string key_;
  const std::string vendor_;
  const std::string credential_owner_;
  const bool is_remote_;
};

Connections::Connections(base::IoThreads&, base::PerThread<base::TaskGroup>& tasks,
                         const base::Snapshot<vendor::Definitions>& definitions, vault::Credentials& credentials,
                         vendor::Channels& channels, const vendor::HealthBoard& health, Config config)
    : tasks_(tasks),
      definitions_(definitions),
      credentials_(credentials),
      channels_(channels),
      health_(health),
      config_(std::move(config)),
      on_credential_(credentials.changes().subscribe([this](const vault::Change& change) { forget(change); })) {}

// Whatever was opened with a former version of the credential is of no use any more.
void Connections::forget(const vault::Change& change) {
  const auto prefix = fmt::format("{}/{}/", change.vendor, change.owner);
  std::vector<std::shared_ptr<vendor::Channel>> closing;
  {
    const base::Lock lock(mutex_);
    for (auto it = places_.lower_bound(prefix); it != places_.end() && it->first.starts_with(prefix);) {
      if (it->second->channel) closing.push_back(std::move(it->second->channel));
      forget_place(*it->second);
      it = places_.erase(it);
    }
  }
  for (const auto& channel : closing) channel->close();
}

std::shared_ptr<const vendor::Definition> Connections::find(std::string_view slug) const {
  const auto all = definitions_.get();
  const auto found = all->find(slug);
  return found != all->end() && found->second->enabled ? found->second : nullptr;
}

std::vector<std::shared_ptr<const vendor::Definition>> Connections::enabled() const {
  std::vector<std::shared_ptr<const vendor::Definition>> out;
  for (const auto& [slug, definition] : *definitions_.get()) {
    if (definition->enabled) out.push_back(definition);
  }
  return out;
}

base::Soon<Connection> Connections::resolve(const std::string& subject,
                                            std::shared_ptr<const vendor::Definition> definition) {
  Connection connection{.definition = std::move(definition), .injection = {}, .credential = {}};
  if (connection.definition->fields.empty()) return with_credential(std::move(connection), nullptr);
  if (auto cached = credentials_.cached(subject, connection.definition->slug)) {
    return with_credential(std::move(connection), *std::move(cached));
  }
  return read_credential(subject, std::move(connection));
}

base::Async<Connection> Connections::read_credential(std::string subject, Connection connection) {
  auto credential = co_await credentials_.resolve(std::move(subject), connection.definition->slug);
  if (!credential) co_return std::move(credential).failure();
  co_return with_credential(std::move(connection), *std::move(credential));
}

base::Task<std::vector<Connection>> Connections::all(std::string subject) {
  std::vector<Connection> out;
  for (auto& definition : enabled()) {
    auto connection = co_await resolve(subject, definition);
    if (connection) {
      out.push_back(*std::move(connection));
      continue;
    }
    base::log::error("connection.unresolved", {{"vendor", definition->slug}, {"error", connection.error().detail}});
    out.push_back({std::move(definition), Readiness::unresolved, {}, {}});
  }
  co_return out;
}

std::vector<Connection> Connections::keyless() {
  std::vector<Connection> out;
  for (auto& definition : enabled()) {
    if (!definition->fields.empty()) continue;
    auto connection =
        with_credential({.definition = std::move(definition), .injection = {}, .credential = {}}, nullptr);
    if (connection) out.push_back(*std::move(connection));
  }
  return out;
}

std::optional<Connection> Connections::at(std::string_view key) const {
  const base::Lock lock(mutex_);
  const auto found = places_.find(key);
  if (found == places_.end() || !found->second->injection) return std::nullopt;
  const auto& place = *found->second;
  return Connection{place.definition, Readiness::ready, place.injection, place.credential, found->second};
}

base::Result<Connection> Connections::with_credential(Connection connection,
                                                      std::shared_ptr<const vault::Credential> credential) {
  if (!credential && connection.definition->needs_credential()) return connection;
  connection.credential = std::move(credential);
  if (connection.credential && connection.credential->state == vault::State::rejected) {
    connection.readiness = Readiness::rejected;
    return connection;
  }

  {
    const base::Lock lock(mutex_);
    auto place = place_of(connection);
    place->used = base::coarse_now();
    if (!place->injection) {
      auto made = vendor::inject(*connection.definition, place->key,
                                 connection.credential ? connection.credential->fields : vault::Fields{});
      // Saved under an older definition that asked for less: the person has to save it again.
      if (!made) {
        forget_place(*place);
        places_.erase(place->key);
        return connection;
      }
      place->injection = std::make_shared<const vendor::Injection>(*std::move(made));
    }
    connection.injection = place->injection;
    connection.place = std::move(place);
  }
  const auto status = health_.status(connection.definition->slug);
  connection.readiness = status == vendor::Status::down ? Readiness::down : Readiness::ready;
  return connection;
}

std::shared_ptr<Connections::Place> Connections::place_of(const Connection& connection) {
  auto place = connection.place && connection.place->kept ? connection.place : nullptr;
  if (!place && connection.credential) {
    const auto found = by_credential_.find(connection.credential.get());
    // What the place holds lives, so that no other credential can have come to its address.
    if (found != by_credential_.end() && found->second->credential == connection.credential) place = found->second;
  }
  if (!place) {
    auto& there = places_[connection.key()];
    if (!there) there = std::make_shared<Place>(connection.key());
    place = there;
    hold(place, connection.credential);
  }
  if (place->definition == connection.definition) return place;
  const auto now = std::chrono::steady_clock::now();
  place->used = now;
  // The definitions were read anew: where the vendor is, and how it takes credentials, may have changed.
  if (place->channel) {
    retired_.push_back({std::move(place->channel), now + place->definition->call_timeout});
    place->channel.reset();
  }
  place->injection.reset();
  place->definition = connection.definition;
  hold(place, connection.credential);
  return place;
}

// One read anew from the vault is another object, of the same version.
void Connections::hold(const std::shared_ptr<Place>& place,
                       const std::shared_ptr<const vault::Credential>& credential) {
  by_credential_.erase(place->credential.get());
  if (credential) by_credential_[credential.get()] = place;
  place->credential = credential;
}

void Connections::forget_place(Place& place) {
  place.kept = false;
  by_credential_.erase(place.credential.get());
}

std::shared_ptr<const Connections::Place> Connections::known_place(const Connection& connection) const {
  if (connection.place && connection.place->kept) return connection.place;
  const auto found = places_.find(connection.key());
  return found != places_.end() ? found->second : nullptr;
}

base::Soon<std::shared_ptr<vendor::Channel>> Connections::warm(const Connection& connection,
                                                               base::SteadyTime deadline) {
  if (auto channel = open_channel(connection)) return channel;
  return opening_.run(
      connection.key(), [this, connection, deadline] { return open_warm(connection, deadline); }, deadline);
}

base::Async<std::shared_ptr<vendor::Channel>> Connections::open_warm(const Connection& connection,
                                                                     base::SteadyTime deadline) {
  if (auto channel = open_channel(connection)) co_return channel;
  auto channel = co_await open(connection, mcp::own_initialize_params(), {}, deadline);
  if (!channel) co_return std::move(channel).failure();
  const auto listener = std::make_shared<WarmListener>(*this, connection);
  {
    const base::Lock lock(mutex_);
    const auto place = place_of(connection);
    place->channel = *channel;
    place->listener = listener;
  }
  (*channel)->listen(listener, {});
  learned(connection, **channel);
  co_return channel;
}

void Connections::learned(const Connection& connection, const vendor::Channel& channel) {
  auto facts = facts_of(channel);
  bool changed = false;
  {
    const base::Lock lock(mutex_);
    const auto place = place_of(connection);
    auto& known = place->facts;
    changed = known && known->opening != facts->opening;
    known = std::move(facts);
  }
  if (!changed) return;
  for (const auto kind : kAnnouncedKinds) list_changes_.emit({connection.definition->slug, connection.owner(), kind});
}

std::shared_ptr<const VendorFacts> Connections::facts_of(const vendor::Channel& channel) {
  return all_facts_.of({channel.era(), std::string(channel.opening_result())},
                       [](const auto& key) { return read_vendor_facts(key.first, key.second); });
}

std::shared_ptr<const VendorFacts> Connections::facts(const Connection& connection) const {
  const base::Lock lock(mutex_);
  const auto place = known_place(connection);
  return place ? place->facts : nullptr;
}

bool Connections::may_offer(const std::string& vendor, mcp::ListKind kind) const {
  bool is_known = false;
  const auto offers = [&](const Place& place) {
    is_known = is_known || place.facts;
    return place.facts && place.facts->offers(kind);
  };
  const auto prefix = vendor + "/";
  const base::Lock lock(mutex_);
  const auto shared = places_.find(vendor);
  if (shared != places_.end() && offers(*shared->second)) return true;
  for (auto it = places_.lower_bound(prefix); it != places_.end() && it->first.starts_with(prefix); ++it) {
    if (offers(*it->second)) return true;
  }
  return !is_known;
}

base::Soon<std::shared_ptr<const VendorFacts>> Connections::learn(const Connection& connection,
                                                                  base::SteadyTime deadline) {
  if (auto known = facts(connection)) return known;
  return learn_by_opening(connection, deadline);
}

base::Async<std::shared_ptr<const VendorFacts>> Connections::learn_by_opening(Connection connection,
                                                                              base::SteadyTime deadline) {
  auto channel = co_await warm(connection, deadline);
  if (!channel) co_return std::move(channel).failure();
  if (auto known = facts(connection)) co_return known;
  // The credential was replaced meanwhile: what it opened is still true for who asked.
  co_return facts_of(**channel);
}

base::Async<std::shared_ptr<vendor::Channel>> Connections::open(Connection connection, std::string initialize_params,
                                                                std::string affinity, base::SteadyTime deadline) {
  auto channel = co_await channels_.open({.definition = connection.definition,
                                          .injection = connection.injection,
                                          .initialize_params = std::move(initialize_params),
                                          .affinity = std::move(affinity)},
                                         deadline);
  if (!channel) co_await note(connection, channel.error());
  co_return channel;
}

base::Task<void> Connections::note(const Connection& connection, const base::Error& error) {
  if (error.kind != base::Kind::vendor_rejected || !connection.credential) co_return;
  const auto& credential = *connection.credential;
  auto noted = co_await credentials_.note(credential.owner, credential.vendor, credential.version,
                                          vault::State::rejected, vault::mask(error.message, credential.fields));
  if (!noted)
    base::log::error("credential.note_failed", {{"vendor", credential.vendor}, {"error", noted.error().detail}});
}

std::shared_ptr<vendor::Channel> Connections::open_channel(const Connection& connection) {
  const base::Lock lock(mutex_);
  const auto place = place_of(connection);
  return place->channel && !place->channel->closed() ? place->channel : nullptr;
}

std::shared_ptr<vendor::Channel> Connections::channel_at(const std::string& key) const {
  const base::Lock lock(mutex_);
  const auto found = places_.find(key);
  return found != places_.end() ? found->second->channel : nullptr;
}

void Connections::drop(const Connection& connection, const vendor::Channel* channel) {
  const base::Lock lock(mutex_);
  const auto found = places_.find(connection.key());
  if (found != places_.end() && found->second->channel.get() == channel) found->second->channel.reset();
}

void Connections::collect() {
  const auto now = std::chrono::steady_clock::now();
  std::vector<std::shared_ptr<vendor::Channel>> closing;
  {
    const base::Lock lock(mutex_);
    std::erase_if(retired_, [&](Retired& retired) {
      if (retired.close_at > now) return false;
      closing.push_back(std::move(retired.channel));
      return true;
    });
    for (auto it = places_.begin(); it != places_.end();) {
      auto& place = *it->second;
      // A call may be under way for as long as its vendor is given.
      if (place.used + std::max(config_.connection_idle, place.definition->call_timeout) > now) {
        ++it;
        continue;
      }
      if (place.channel) closing.push_back(std::move(place.channel));
      forget_place(place);
      it = places_.erase(it);
    }
  }
  for (const auto& channel : closing) channel->close();
}

void Connections::close() {
  Places places;
  std::vector<Retired> retired;
  {
    const base::Lock lock(mutex_);
    places.swap(places_);
    by_credential_.clear();
    retired.swap(retired_);
  }
  for (const auto& [key, place] : places) {
    if (place->channel) place->channel->close();
  }
  for (const auto& each : retired) each.channel->close();
}

}  // namespace gateway
