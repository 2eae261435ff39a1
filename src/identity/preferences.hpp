// What a person chose for all of their clients. Kept in memory once it was read. Thread-safe; coroutines resume on the
// caller's thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/async.hpp"
#include "base/mutex.hpp"
#include "base/signal.hpp"
#include "store/database.hpp"

namespace identity {

// Which tools a client is shown on the unified endpoint, unless its URL says otherwise.
enum class ToolListing {
  automatic,  // as the gateway is configured
  all,
  search,  // the gateway's own tools, with which the others are found
};
[[nodiscard]] std::string_view name(ToolListing listing);  // "automatic", "all", "search"
[[nodiscard]] std::optional<ToolListing> tool_listing(std::string_view name);

class Preferences {
 public:
  // REQUIRES: the database outlives this.
  explicit Preferences(store::Database& database) : database_(database) {}

  // `automatic` for whom nothing is known of, and while the store is in trouble.
  base::Task<ToolListing> tools(std::string user_id);
  // Errors: not_found, unavailable.
  base::Async<void> choose_tools(std::string user_id, ToolListing listing);
  // The user whose choice is another one now.
  base::Signal<std::string>& changes() { return changes_; }

 private:
  [[nodiscard]] std::optional<ToolListing> known(const std::string& user_id) const;
  void keep(const std::string& user_id, ToolListing listing);

  store::Database& database_;
  base::Signal<std::string> changes_;
  mutable base::Mutex mutex_;
  std::map<std::string, ToolListing> tools_ MCPGW_GUARDED_BY(mutex_);  // by user id
};

}  // namespace identity
