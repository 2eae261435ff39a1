// A caller's connections: for each vendor, whether it can be used now and with which credential, and the warm channel
// that is shared by everything that needs no session of its own (lists, the unified endpoint, one-shot requests).
// Thread-safe; coroutines resume on the caller's I/O thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.hpp"
#include "base/io_threads.hpp"
#include "base/mutex.hpp"
#include "base/signal.hpp"
#include "base/single_flight.hpp"
#include "base/snapshot.hpp"
#include "base/task_group.hpp"
#include "gateway/config.hpp"
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
};

struct Connection {
  std::shared_ptr<const vendor::Definition> definition;
  Readiness readiness = Readiness::needs_credential;
  std::shared_ptr<const vendor::Injection> injection;   // set when there is a usable credential, also when down
  std::shared_ptr<const vault::Credential> credential;  // nullptr for a vendor that wants none

  // Names vendor and credential version: what is kept per connection is keyed by it.
  [[nodiscard]] std::string key() const;
};

// A vendor's list may have changed for whoever has that connection.
struct ListChange {
  std::string vendor;
  std::string owner;  // user id; "" for a vendor that wants no credential: everybody
};

class Connections {
 public:
  // REQUIRES: references outlive this.
  Connections(base::IoThreads& threads, base::PerThread<base::TaskGroup>& tasks,
              const base::Snapshot<vendor::Definitions>& definitions, vault::Credentials& credentials,
              vendor::Channels& channels, const vendor::HealthBoard& health, Config config);

  // The enabled vendor of that slug; nullptr when there is none.
  [[nodiscard]] std::shared_ptr<const vendor::Definition> find(std::string_view slug) const;
  [[nodiscard]] std::vector<std::shared_ptr<const vendor::Definition>> enabled() const;

  // Errors: unavailable (the vault is in trouble).
  base::Async<Connection> resolve(std::string subject, std::shared_ptr<const vendor::Definition> definition);

  // The warm channel, opened when there is none. REQUIRES: connection.injection.
  // Errors: those of Channels::open; a rejected credential is noted in the vault.
  base::Async<std::shared_ptr<vendor::Channel>> warm(Connection connection, base::SteadyTime deadline);
  // The warm channel turned out to be of no use any more.
  void drop(const Connection& connection, const vendor::Channel* channel);

  // Opens a channel of a session's own. Errors: as warm.
  base::Async<std::shared_ptr<vendor::Channel>> open(Connection connection, std::string initialize_params,
                                                     std::string affinity, base::SteadyTime deadline);

  // To be told of every error that a call met: a rejected credential is noted, so that it is not used again.
  base::Task<void> note(Connection connection, base::Error error);

  // The vendor said that its list changed.
  base::Signal<ListChange>& list_changes() { return list_changes_; }

  // Closes the warm channels, for shutdown.
  void close();

 private:
  class WarmListener;
  struct Warm {
    std::shared_ptr<vendor::Channel> channel;
    std::shared_ptr<vendor::Listener> listener;
  };
  base::Async<std::shared_ptr<vendor::Channel>> open_warm(Connection connection, base::SteadyTime deadline);
  [[nodiscard]] std::shared_ptr<vendor::Channel> known_warm(const std::string& key);
  [[nodiscard]] base::Result<Connection> with_credential(Connection connection,
                                                         std::shared_ptr<const vault::Credential> credential);

  base::PerThread<base::TaskGroup>& tasks_;
  const base::Snapshot<vendor::Definitions>& definitions_;
  vault::Credentials& credentials_;
  vendor::Channels& channels_;
  const vendor::HealthBoard& health_;
  const Config config_;
  base::Signal<ListChange> list_changes_;
  base::SingleFlight<std::shared_ptr<vendor::Channel>> opening_;
  base::Mutex mutex_;
  std::map<std::string, Warm, std::less<>> warm_ MCPGW_GUARDED_BY(mutex_);
  // Injections by connection key, so that a credential is laid out once per version.
  std::map<std::string, std::shared_ptr<const vendor::Injection>, std::less<>> injections_ MCPGW_GUARDED_BY(mutex_);
  base::Signal<vault::Change>::Subscription on_credential_;
};

}  // namespace gateway
