#include "gateway/detail/list_fetch.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"
#include "gateway/detail/own_client.hpp"
#include "json/document.hpp"

namespace gateway {
namespace {

// A vendor may forget its session between two pages, once.
constexpr int kAttempts = 2;

void take_hints(FetchedList& fetched, const mcp::ListPage& page) {
  fetched.is_private = fetched.is_private || page.cache_scope == "private";
  if (!page.ttl) return;
  const std::chrono::milliseconds ttl(std::max<std::int64_t>(*page.ttl, 0));
  fetched.ttl = std::min(fetched.ttl.value_or(ttl), ttl);
}

void log_cut(const Connection& connection, mcp::ListKind kind, std::string_view limit) {
  base::log::warn("list.cut",
                  {{"vendor", connection.definition->slug}, {"list", mcp::list_member(kind)}, {"beyond", limit}});
}

base::Async<FetchedList> fetch_pages(std::shared_ptr<vendor::Channel> channel, const Connection& connection,
                                     mcp::ListKind kind, const Config& config, base::SteadyTime deadline) {
  FetchedList fetched;
  ListBuilder list(connection.definition->slug, kind, channel->era(), {config.list_items, config.list_bytes});
  std::string cursor;
  for (std::size_t number = 0;; ++number) {
    if (number == config.list_pages) {
      log_cut(connection, kind, "limits.list_pages");
      break;
    }
    const auto params = cursor.empty() ? std::string() : fmt::format(R"("cursor":{})", json::quote(cursor));
    const auto response = co_await ask_vendor(channel, std::string(mcp::list_method(kind)), params, {}, deadline);
    if (!response) co_return response.failure();
    const auto page = mcp::read_list_page(kind, *response);
    // Vendors with resources need not have templates.
    if (!page && page.error().code == "vendor.method_not_found") break;
    if (!page) co_return page.failure();

    take_hints(fetched, *page);
    bool has_room = true;
    for (auto item = page->items.begin(); has_room && item != page->items.end(); ++item) has_room = list.add(*item);
    if (!has_room) log_cut(connection, kind, "limits.list_items, limits.list_bytes");
    // A vendor that hands out the same cursor for ever would never end.
    if (!has_room || page->next_cursor.empty() || page->next_cursor == cursor) break;
    cursor = page->next_cursor;
  }
  fetched.list = std::move(list).finish();
  co_return fetched;
}

}  // namespace

base::Async<FetchedList> fetch_list(Connections& connections, Connection connection, mcp::ListKind kind,
                                    const Config& config, base::SteadyTime deadline) {
  for (int attempt = 1;; ++attempt) {
    auto channel = co_await connections.warm(connection, deadline);
    if (!channel) co_return std::move(channel).failure();
    const auto facts = co_await connections.learn(connection, deadline);
    if (!facts) co_return facts.failure();
    if (!(*facts)->offers(kind)) {
      co_return FetchedList{ListBuilder(connection.definition->slug, kind, (*facts)->era, {}).finish(), {}, false};
    }

    auto fetched = co_await fetch_pages(*channel, connection, kind, config, deadline);
    if (fetched) co_return fetched;
    const bool forgotten = fetched.error().code == "vendor.session_gone";
    if (forgotten) connections.drop(connection, channel->get());
    if (forgotten && attempt < kAttempts) continue;
    co_await connections.note(connection, fetched.error());
    co_return std::move(fetched).failure();
  }
}

}  // namespace gateway
