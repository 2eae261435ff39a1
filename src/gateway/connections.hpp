// A caller's connections: for each vendor, whether it can be used now and with which credential, and the warm channel
// that is shared by everything that needs no session of its own (lists, the unified endpoint, one-shot requests).
// Thread-safe; coroutines resume on the caller's I/O thread.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/async.hpp"
#include "base/interned.hpp"
#include "base/io_threads.hpp"
#include "base/mutex.hpp"
#include "base/signal.hpp"
#include "base/single_flight.hpp"
#include "base/snapshot.hpp"
#include "base/soon.hpp"
#include "base/task_group.hpp"
#include "gateway/config.hpp"
#include "gateway/vendor_facts.hpp"
#include "vault/credentials.hpp"
#include "vendor/channel.hpp"
#include "vendor/definition.hpp"
#include "vendor/health.hpp"

namespace gateway {

enum class Readiness {
  ready,
  needs_credential,  // none saved, or it lacks a field
  rejected,          // the vendor said no to the saved one
  down,              // the health monitor says the vendor is down
  unresolved,        // the vault is in trouble
};

struct ConnectionPlace;

struct Connection {
  std::shared_ptr<const vendor::Definition> definition;
  Readiness readiness = Readiness::needs_credential;
  std::shared_ptr<const vendor::Injection> injection;   // set when there is a usable credential, also when down
  std::shared_ptr<const vault::Credential> credential;  // nullptr for a vendor that wants none
  std::shared_ptr<ConnectionPlace> place = {};          // what Connections keeps of it; nullptr when not resolved there

  // Names vendor and credential version: what is kept per connection is keyed by it.
  [[nodiscard]] const std::string& key() const;
  // Whose credential it is; "" for everybody's.
  [[nodiscard]] const std::string& owner() const;
  mutable std::string made_key = {};  // where there is no place that knows it
};

// Whether its person can make it ready, by saving another credential.
[[nodiscard]] bool lacks_credential(const Connection& connection);
// The page where that is done.
[[nodiscard]] std::string credential_page(const Connection& connection, std::string_view public_url);
// Why a connection that is not ready cannot be used, and what to do about it; "" for a ready one.
[[nodiscard]] std::string why_not(const Connection& connection, std::string_view public_url);

// A vendor's list may have changed for whoever has that connection.
struct ListChange {
  std::string vendor;
  std::string owner;                          // user id; "" for a vendor that wants no credential: everybody
  mcp::ListKind kind = mcp::ListKind::tools;  // resources stands for their templates too
};
// Those that have a notification of their own.
inline constexpr std::array kAnnouncedKinds{mcp::ListKind::tools, mcp::ListKind::prompts, mcp::ListKind::resources};
// The kind that a notification speaks of: notifications/tools/list_changed and its like.
[[nodiscard]] std::optional<mcp::ListKind> changed_list(std::string_view method);

class Connections {
 public:
  // REQUIRES: references outlive this.
  Connections(base::IoThreads& threads, base::PerThread<base::TaskGroup>& tasks,
              const base::Snapshot<vendor::Definitions>& definitions, vault::Credentials& credentials,
              vendor::Channels& channels, const vendor::HealthBoard& health, Config config);

  // The enabled vendor of that slug; nullptr when there is none.
  [[nodiscard]] std::shared_ptr<const vendor::Definition> find(std::string_view slug) const;
  // In order of slug.
  [[nodiscard]] std::vector<std::shared_ptr<const vendor::Definition>> enabled() const;

  // Errors: unavailable (the vault is in trouble).
  base::Soon<Connection> resolve(const std::string& subject, std::shared_ptr<const vendor::Definition> definition);
  // The connections to every enabled vendor, ready or not, in order of slug.
  base::Task<std::vector<Connection>> all(std::string subject);
  // Those to vendors that want no credential: the same for everybody.
  [[nodiscard]] std::vector<Connection> keyless();
  // The ready connection of that key, for work behind the answers; nothing once its credential was changed.
  [[nodiscard]] std::optional<Connection> at(std::string_view key) const;

  // The warm channel, opened when there is none. REQUIRES: connection.injection.
  // Errors: those of Channels::open; a rejected credential is noted in the vault.
  base::Soon<std::shared_ptr<vendor::Channel>> warm(const Connection& connection, base::SteadyTime deadline);
  // The same, when it is open already; nullptr else.
  [[nodiscard]] std::shared_ptr<vendor::Channel> open_channel(const Connection& connection);
  // The warm channel turned out to be of no use any more.
  void drop(const Connection& connection, const vendor::Channel* channel);

  // What the vendor said when its warm channel was opened last; nullptr before.
  [[nodiscard]] std::shared_ptr<const VendorFacts> facts(const Connection& connection) const;
  // The same, asked for when unknown. REQUIRES and errors: as warm.
  base::Soon<std::shared_ptr<const VendorFacts>> learn(const Connection& connection, base::SteadyTime deadline);

  // False when what is known of that vendor says that it has no such list for anybody.
  [[nodiscard]] bool may_offer(const std::string& vendor, mcp::ListKind kind) const;

  // Opens a channel of a session's own. Errors: as warm.
  base::Async<std::shared_ptr<vendor::Channel>> open(Connection connection, std::string initialize_params,
                                                     std::string affinity, base::SteadyTime deadline);

  // To be told of every error that a call met: a rejected credential is noted, so that it is not used again.
  base::Task<void> note(const Connection& connection, const base::Error& error);

  // The vendor said that its list changed, forgot its sessions, or came back as something else than it was.
  base::Signal<ListChange>& list_changes() { return list_changes_; }

  // Lets go of what nobody used for Config::connection_idle. To be called now and then.
  void collect();
  // Closes the warm channels, for shutdown.
  void close();

 private:
  class WarmListener;
  using Place = ConnectionPlace;
  using Places = std::map<std::string, std::shared_ptr<Place>, std::less<>>;
  // A channel of a definition that was replaced: calls may still be under way on it.
  struct Retired {
    std::shared_ptr<vendor::Channel> channel;
    base::SteadyTime close_at;
  };

  [[nodiscard]] std::shared_ptr<Place> place_of(const Connection& connection) MCPGW_REQUIRES(mutex_);
  void hold(const std::shared_ptr<Place>& place, const std::shared_ptr<const vault::Credential>& credential)
      MCPGW_REQUIRES(mutex_);
  void forget_place(Place& place) MCPGW_REQUIRES(mutex_);
  // The same, when it is there.
  [[nodiscard]] std::shared_ptr<const Place> known_place(const Connection& connection) const MCPGW_REQUIRES(mutex_);
  base::Async<Connection> read_credential(std::string subject, Connection connection);
  base::Async<std::shared_ptr<vendor::Channel>> open_warm(const Connection& connection, base::SteadyTime deadline);
  base::Async<std::shared_ptr<const VendorFacts>> learn_by_opening(Connection connection, base::SteadyTime deadline);
  void learned(const Connection& connection, const vendor::Channel& channel);
  [[nodiscard]] std::shared_ptr<const VendorFacts> facts_of(const vendor::Channel& channel);
  [[nodiscard]] std::shared_ptr<vendor::Channel> channel_at(const std::string& key) const;
  [[nodiscard]] base::Result<Connection> with_credential(Connection connection,
                                                         std::shared_ptr<const vault::Credential> credential);
  void forget(const vault::Change& change);

  base::PerThread<base::TaskGroup>& tasks_;
  const base::Snapshot<vendor::Definitions>& definitions_;
  vault::Credentials& credentials_;
  vendor::Channels& channels_;
  const vendor::HealthBoard& health_;
  const Config config_;
  base::Signal<ListChange> list_changes_;
  base::SingleFlight<std::shared_ptr<vendor::Channel>> opening_;
  // A vendor says the same to everybody.
  base::Interned<std::pair<mcp::Era, std::string>, VendorFacts> all_facts_;
  mutable base::Mutex mutex_;
  Places places_ MCPGW_GUARDED_BY(mutex_);  // by Connection::key()
  // The same, by the credential that they hold: found without making a key.
  std::unordered_map<const vault::Credential*, std::shared_ptr<Place>> by_credential_ MCPGW_GUARDED_BY(mutex_);
  std::vector<Retired> retired_ MCPGW_GUARDED_BY(mutex_);
  base::Signal<vault::Change>::Subscription on_credential_;
};

}  // namespace gateway
