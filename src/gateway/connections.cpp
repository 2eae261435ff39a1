#include "gateway/connections.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "mcp/envelope.hpp"
#include "mcp/error.hpp"
#include "mcp/revision.hpp"

namespace gateway {
namespace {

std::string key_of(std::string_view vendor, std::string_view owner, std::int64_t version) {
  return owner.empty() ? std::string(vendor) : fmt::format("{}/{}/{}", vendor, owner, version);
}

// What the gateway says of itself when a channel is not opened for one client's session.
std::string own_initialize_params() {
  return fmt::format(
      R"({{"protocolVersion":"{}","capabilities":{{}},"clientInfo":{{"name":"mcp-gateway","version":"0.1.0"}}}})",
      mcp::kNewestLegacy);
}

// A vendor that asks something on a channel nobody can answer for gets told so.
base::Task<void> refuse_request(std::shared_ptr<vendor::Channel> channel, std::string id, base::SteadyTime deadline) {
  const auto text = mcp::error_response(id, mcp::kMethodNotFound, "The client does not offer this.");
  const std::array<std::string_view, 1> pieces{text};
  (void)co_await channel->notify({.pieces = pieces, .method = {}, .name = {}, .traceparent = {}}, deadline);
}

}  // namespace

std::string Connection::key() const {
  return credential ? key_of(definition->slug, credential->owner, credential->version) : definition->slug;
}

// Hears what a vendor says on a warm channel.
class Connections::WarmListener final : public vendor::Listener {
 public:
  WarmListener(Connections& owner, std::string key, ListChange change)
      : owner_(owner), key_(std::move(key)), change_(std::move(change)) {}

  void on_message(vendor::Message message) override {
    message.reserve(message.size() + mcp::kPadding);
    const auto envelope = mcp::scan(message);
    if (!envelope) return;
    if (envelope->method == "notifications/tools/list_changed") owner_.list_changes_.emit(change_);
    if (envelope->shape != mcp::Shape::request) return;
    if (auto channel = owner_.known_warm(key_)) {
      const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
      owner_.tasks_.local().spawn("refuse-request", refuse_request(channel, std::string(envelope->id), deadline));
    }
  }

  void on_closed() override {
    const base::Lock lock(owner_.mutex_);
    const auto found = owner_.warm_.find(key_);
    if (found != owner_.warm_.end() && found->second.listener.get() == this) owner_.warm_.erase(found);
  }

 private:
  Connections& owner_;
  const std::string key_;
  const ListChange change_;
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
      on_credential_(credentials.changes().subscribe([this](const vault::Change& change) {
        // Whatever was opened with a former version of the credential is of no use any more.
        const auto prefix = fmt::format("{}/{}/", change.vendor, change.owner);
        std::vector<Warm> closing;
        {
          const base::Lock lock(mutex_);
          for (auto it = warm_.lower_bound(prefix); it != warm_.end() && it->first.starts_with(prefix);) {
            closing.push_back(std::move(it->second));
            it = warm_.erase(it);
          }
          for (auto it = injections_.lower_bound(prefix); it != injections_.end() && it->first.starts_with(prefix);) {
            it = injections_.erase(it);
          }
        }
        for (auto& warm : closing) warm.channel->close();
      })) {}

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

base::Async<Connection> Connections::resolve(std::string subject,
                                             std::shared_ptr<const vendor::Definition> definition) {
  Connection connection{.definition = std::move(definition), .injection = {}, .credential = {}};
  const auto& slug = connection.definition->slug;
  if (connection.definition->fields.empty()) co_return with_credential(std::move(connection), nullptr);

  if (auto cached = credentials_.cached(subject, slug)) co_return with_credential(std::move(connection), *cached);
  auto credential = co_await credentials_.resolve(std::move(subject), slug);
  if (!credential) co_return std::unexpected(std::move(credential).error());
  co_return with_credential(std::move(connection), *std::move(credential));
}

base::Result<Connection> Connections::with_credential(Connection connection,
                                                      std::shared_ptr<const vault::Credential> credential) {
  if (!credential && connection.definition->needs_credential()) return connection;
  connection.credential = std::move(credential);
  if (connection.credential && connection.credential->state == vault::State::rejected) {
    connection.readiness = Readiness::rejected;
    return connection;
  }

  const auto key = connection.key();
  {
    const base::Lock lock(mutex_);
    auto& injection = injections_[key];
    if (!injection) {
      auto made = vendor::inject(*connection.definition, key,
                                 connection.credential ? connection.credential->fields : vault::Fields{});
      // Saved under an older definition that asked for less: the person has to save it again.
      if (!made) {
        injections_.erase(key);
        return connection;
      }
      injection = std::make_shared<const vendor::Injection>(*std::move(made));
    }
    connection.injection = injection;
  }
  const auto status = health_.of(connection.definition->slug).status;
  connection.readiness = status == vendor::Status::down ? Readiness::down : Readiness::ready;
  return connection;
}

base::Async<std::shared_ptr<vendor::Channel>> Connections::warm(Connection connection, base::SteadyTime deadline) {
  auto key = connection.key();
  if (auto channel = known_warm(key)) co_return channel;
  co_return co_await opening_.run(
      std::move(key), [this, connection, deadline] { return open_warm(connection, deadline); }, deadline);
}

base::Async<std::shared_ptr<vendor::Channel>> Connections::open_warm(Connection connection, base::SteadyTime deadline) {
  const auto key = connection.key();
  if (auto channel = known_warm(key)) co_return channel;
  auto channel = co_await open(connection, own_initialize_params(), {}, deadline);
  if (!channel) co_return std::unexpected(std::move(channel).error());
  const ListChange change{connection.definition->slug, connection.credential ? connection.credential->owner : ""};
  const auto listener = std::make_shared<WarmListener>(*this, key, change);
  {
    const base::Lock lock(mutex_);
    warm_.insert_or_assign(key, Warm{*channel, listener});
  }
  (*channel)->listen(listener, {});
  co_return channel;
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

base::Task<void> Connections::note(Connection connection, base::Error error) {
  if (error.kind != base::Kind::vendor_rejected || !connection.credential) co_return;
  const auto& credential = *connection.credential;
  auto noted = co_await credentials_.note(credential.owner, credential.vendor, credential.version,
                                          vault::State::rejected, vault::mask(error.message, credential.fields));
  if (!noted)
    base::log::error("credential.note_failed", {{"vendor", credential.vendor}, {"error", noted.error().detail}});
}

std::shared_ptr<vendor::Channel> Connections::known_warm(const std::string& key) {
  const base::Lock lock(mutex_);
  const auto found = warm_.find(key);
  return found != warm_.end() && !found->second.channel->closed() ? found->second.channel : nullptr;
}

void Connections::drop(const Connection& connection, const vendor::Channel* channel) {
  const base::Lock lock(mutex_);
  const auto found = warm_.find(connection.key());
  if (found != warm_.end() && found->second.channel.get() == channel) warm_.erase(found);
}

void Connections::close() {
  std::map<std::string, Warm, std::less<>> closing;
  {
    const base::Lock lock(mutex_);
    closing.swap(warm_);
  }
  for (auto& [key, warm] : closing) warm.channel->close();
}

}  // namespace gateway
