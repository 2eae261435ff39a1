#include "identity/preferences.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/log.hpp"

namespace identity {
namespace {

constexpr std::array<std::pair<ToolListing, std::string_view>, 3> kNames{
    {{ToolListing::automatic, "automatic"}, {ToolListing::all, "all"}, {ToolListing::search, "search"}}};

}  // namespace

std::string_view name(ToolListing listing) {
  return std::ranges::find(kNames, listing, &std::pair<ToolListing, std::string_view>::first)->second;
}

std::optional<ToolListing> tool_listing(std::string_view name) {
  const auto* found = std::ranges::find(kNames, name, &std::pair<ToolListing, std::string_view>::second);
  return found == kNames.end() ? std::nullopt : std::optional(found->first);
}

base::Task<ToolListing> Preferences::tools(std::string user_id) {
  if (const auto listing = known(user_id)) co_return *listing;
  auto rows = co_await database_.read([user_id](store::Connection& connection) {
    return connection.query("SELECT tool_listing FROM users WHERE id = $1", {user_id});
  });
  if (!rows) {
    base::log::warn("preferences.not_read", {{"error", rows.error().detail}});
    co_return ToolListing::automatic;
  }
  const auto listing =
      rows->empty() ? ToolListing::automatic : tool_listing(rows->front().text(0)).value_or(ToolListing::automatic);
  keep(user_id, listing);
  co_return listing;
}

base::Async<void> Preferences::choose_tools(std::string user_id, ToolListing listing) {
  auto changed = co_await database_.write([user_id, listing](store::Connection& connection) {
    return connection.execute("UPDATE users SET tool_listing = $2 WHERE id = $1",
                              {user_id, std::string(name(listing))});
  });
  if (!changed) co_return std::move(changed).failure();
  if (*changed == 0) co_return base::fail(base::Kind::not_found, "identity.unknown", "There is no such person.");
  keep(user_id, listing);
  changes_.emit(user_id);
  co_return base::Result<void>();
}

std::optional<ToolListing> Preferences::known(const std::string& user_id) const {
  const base::Lock lock(mutex_);
  const auto found = tools_.find(user_id);
  return found == tools_.end() ? std::nullopt : std::optional(found->second);
}

void Preferences::keep(const std::string& user_id, ToolListing listing) {
  const base::Lock lock(mutex_);
  tools_[user_id] = listing;
}

}  // namespace identity
