// The tools that connections offer, as they stand on the unified endpoint, kept per vendor and credential so that a
// list is put together from ready pieces: fetched once through all pages, refreshed behind the answer when older than
// Config::list_ttl or when the vendor says that it changed.
// Thread-safe; coroutines resume on the caller's I/O thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/async.hpp"
#include "base/mutex.hpp"
#include "base/signal.hpp"
#include "base/single_flight.hpp"
#include "gateway/connections.hpp"

namespace gateway {

// One vendor's tools. Immutable.
struct ToolList {
  // Definitions with their unified names, joined by ',': ready to stand in a tools array. "" for none.
  std::string fragment;
  std::size_t count = 0;
  // The vendor's own names of the tools whose unified name is not simply "{vendor}__{tool}".
  std::unordered_map<std::string, std::string> mapped;
  std::chrono::steady_clock::time_point fetched;
};

class Catalogue {
 public:
  // REQUIRES: references outlive this.
  Catalogue(Connections& connections, base::PerThread<base::TaskGroup>& tasks, Config config);

  // The known lists of these connections, in their order; those not known yet are fetched at the same time, for at most
  // Config::list_wait. A vendor that fails or is late is left out; when its list comes later, changes() tells.
  base::Task<std::vector<std::shared_ptr<const ToolList>>> lists(std::vector<Connection> connections);

  // The vendor's own name of a tool called `rest` behind the separator on the unified endpoint.
  base::Async<std::string> original_name(Connection connection, std::string_view unified, std::string_view rest,
                                         base::SteadyTime deadline);

  // A connection's list differs from what was answered last.
  base::Signal<ListChange>& changes() { return changes_; }

 private:
  [[nodiscard]] std::shared_ptr<const ToolList> known(const std::string& key) const;
  base::Async<std::shared_ptr<const ToolList>> fetch(Connection connection);
  base::Async<std::shared_ptr<const ToolList>> fetch_pages(Connection connection);
  struct Wait;
  base::Task<void> fetch_for(Connection connection, std::shared_ptr<Wait> wait);
  [[nodiscard]] bool failed_lately(const std::string& key) const;
  void keep(const Connection& connection, std::shared_ptr<const ToolList> list);

  Connections& connections_;
  base::PerThread<base::TaskGroup>& tasks_;
  const Config config_;
  base::Signal<ListChange> changes_;
  base::SingleFlight<std::shared_ptr<const ToolList>> fetching_;
  mutable base::Mutex mutex_;
  std::map<std::string, std::shared_ptr<const ToolList>, std::less<>> lists_ MCPGW_GUARDED_BY(mutex_);
  // When a connection's list last failed: nobody waits for it again soon.
  std::map<std::string, base::SteadyTime, std::less<>> failures_ MCPGW_GUARDED_BY(mutex_);
  base::Signal<ListChange>::Subscription on_list_changed_;
};

}  // namespace gateway
