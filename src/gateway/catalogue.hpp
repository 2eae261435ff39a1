// What vendors offer, as it stands on the unified endpoint: tools, prompts, resources and resource templates, kept per
// connection and put together from ready pieces. docs/catalogue.md tells the rules.
//
// A client waits only for what nothing is known of yet, and not for a vendor that hangs (list_patience.hpp). What is
// known is served at once, and fetched anew behind the answer when it is stale (the vendor's ttlMs, within limits), at
// once when the vendor says that it changed, but at most once per Config::list_quiet. It goes on being served while its
// vendor fails; a vendor that is down is left out by Connection::readiness, and is there again with what was known.
// Thread-safe; coroutines resume on the caller's I/O thread.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.hpp"
#include "base/mutex.hpp"
#include "base/notifier.hpp"
#include "base/signal.hpp"
#include "gateway/connections.hpp"
#include "gateway/list_schedule.hpp"
#include "gateway/vendor_list.hpp"
#include "vendor/health.hpp"

namespace gateway {

struct FetchedList;

// The lists of several vendors, as one.
struct Aggregate {
  std::vector<std::shared_ptr<const VendorList>> parts;  // in order of the vendors' slugs; none is empty
  std::size_t count = 0;                                 // of all items
  // For clients of the modern era (2026-07-28 server/utilities/caching): the shortest time that a part stays fresh, and
  // whether anybody else could see another list.
  std::int64_t ttl_ms = 0;
  bool is_private = false;
};

// What is known of one connection's list.
struct ListState {
  std::shared_ptr<const VendorList> list;  // nullptr: never fetched, or its vendor refuses the gateway
  std::optional<base::Error> failure;      // of the last fetch; secrets masked
};

class Catalogue {
 public:
  // REQUIRES: references outlive this.
  Catalogue(Connections& connections, vendor::HealthBoard& health, base::PerThread<base::TaskGroup>& tasks,
            Config config);
  ~Catalogue();

  // The lists of those connections that are ready. A vendor that fails or is late is left out; when its list comes
  // later, changes() tells.
  base::Task<Aggregate> list(mcp::ListKind kind, std::vector<Connection> connections);
  // Begins to fetch what is unknown, so that the first list need not wait. REQUIRES: an I/O thread.
  void prefetch(mcp::ListKind kind, const std::vector<Connection>& connections);

  // The vendor's own name of a tool or prompt. A list is fetched only for a mapped name (mcp::is_mapped_name) that no
  // known list has. Errors: those of the fetch; invalid when the vendor has none of that name.
  base::Async<std::string> original_name(mcp::ListKind kind, const Connection& connection, std::string unified,
                                         base::SteadyTime deadline);
  // The tool of the vendor's own name, fetched when the list is unknown; nullptr when the vendor has none of that name.
  // Errors: those of the fetch.
  base::Async<std::shared_ptr<const ListedItem>> tool(const Connection& connection, std::string name,
                                                      base::SteadyTime deadline);

  [[nodiscard]] ListState state(mcp::ListKind kind, const Connection& connection) const;
  [[nodiscard]] std::shared_ptr<const VendorFacts> facts(const Connection& connection) const {
    return connections_.facts(connection);
  }

  // A connection's list differs from what was answered last.
  base::Signal<ListChange>& changes() { return changes_; }

  // Lets go of what nobody used for Config::connection_idle. To be called now and then.
  void collect();

 private:
  struct Slot;
  struct Entry;
  class Worker;
  struct Asked {
    std::shared_ptr<const vendor::Definition> definition;
    std::shared_ptr<Entry> entry;
  };
  using Entries = std::map<std::string, std::shared_ptr<Entry>, std::less<>>;

  [[nodiscard]] std::shared_ptr<Entry> entry_of(const Connection& connection, base::SteadyTime now)
      MCPGW_REQUIRES(mutex_);
  void forget_superseded(const Entry& entry) MCPGW_REQUIRES(mutex_);
  [[nodiscard]] std::shared_ptr<const VendorList> known(mcp::ListKind kind, const Connection& connection);
  [[nodiscard]] std::vector<Asked> ask(mcp::ListKind kind, std::span<const Connection> connections);
  [[nodiscard]] std::optional<base::SteadyTime> wait_end(mcp::ListKind kind, std::span<const Asked> asked,
                                                         base::SteadyTime began) const;
  [[nodiscard]] Aggregate put_together(mcp::ListKind kind, std::span<const Asked> asked);
  base::Async<std::shared_ptr<const VendorList>> fetch_now(mcp::ListKind kind, const Connection& connection,
                                                           base::SteadyTime deadline);

  base::Task<void> work(std::shared_ptr<Entry> entry, mcp::ListKind kind);
  base::Task<void> wait_until_due(std::shared_ptr<Entry> entry, mcp::ListKind kind);
  [[nodiscard]] bool begin(Entry& entry, mcp::ListKind kind);
  [[nodiscard]] bool settle(Entry& entry, mcp::ListKind kind, const Connection& connection,
                            base::Result<FetchedList> fetched);
  [[nodiscard]] bool keep(Slot& slot, const FetchedList& fetched) MCPGW_REQUIRES(mutex_);
  [[nodiscard]] bool note_failure(Slot& slot, const Connection& connection, base::Error error) MCPGW_REQUIRES(mutex_);
  [[nodiscard]] std::shared_ptr<const VendorList> shared_with_others(std::shared_ptr<const VendorList> list)
      MCPGW_REQUIRES(mutex_);
  void on_list_changed(const ListChange& change);
  void on_health_changed(const vendor::HealthChange& change);

  Connections& connections_;
  vendor::HealthBoard& health_;
  base::PerThread<base::TaskGroup>& tasks_;
  const Config config_;
  base::Signal<ListChange> changes_;
  base::Notifier settled_;  // a fetch ended
  base::Notifier hurried_;  // a worker's pause may have ended
  mutable base::Mutex mutex_;
  Entries entries_ MCPGW_GUARDED_BY(mutex_);  // by Connection::key()
  // Every list that somebody holds, by vendor: colleagues whose lists are the same share one.
  std::multimap<std::string, std::weak_ptr<const VendorList>, std::less<>> lists_ MCPGW_GUARDED_BY(mutex_);
  base::Signal<ListChange>::Subscription on_list_;
  base::Signal<vendor::HealthChange>::Subscription on_health_;
};

}  // namespace gateway
