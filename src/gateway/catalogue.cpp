// What clients ask of the catalogue. How lists are fetched and kept is in catalogue_worker.cpp.
#include "gateway/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/detail/catalogue_entry.hpp"
#include "gateway/list_patience.hpp"
#include "mcp/tool_name.hpp"

namespace gateway {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// A list in which a vendor is missing is asked for again soon by clients that hear of no changes.
constexpr milliseconds kIncompleteTtl{1'000};

}  // namespace

Catalogue::Catalogue(Connections& connections, vendor::HealthBoard& health, base::PerThread<base::TaskGroup>& tasks,
                     Config config)
    : connections_(connections),
      health_(health),
      tasks_(tasks),
      config_(std::move(config)),
      on_list_(connections.list_changes().subscribe([this](const ListChange& change) { on_list_changed(change); })),
      on_health_(health.changes().subscribe([this](const auto& change) { on_health_changed(change); })) {}

Catalogue::~Catalogue() = default;

base::Task<Aggregate> Catalogue::list(mcp::ListKind kind, std::vector<Connection> connections) {
  const auto began = Clock::now();
  const auto asked = ask(kind, connections);
  while (true) {
    auto ticket = settled_.prepare();
    const auto end = wait_end(kind, asked, began);
    if (!end || *end <= Clock::now()) break;
    co_await ticket.wait(*end);
  }
  auto all = put_together(kind, asked);
  // Whoever has a credential for such a vendor, or another one, may see another list.
  all.is_private = all.is_private || std::ranges::any_of(connections, [](const Connection& connection) {
                     return !connection.definition->fields.empty();
                   });
  co_return all;
}

void Catalogue::prefetch(mcp::ListKind kind, const std::vector<Connection>& connections) {
  (void)ask(kind, connections);
}

// Starts what is to be fetched of those that are ready.
std::vector<Catalogue::Asked> Catalogue::ask(mcp::ListKind kind, std::span<const Connection> connections) {
  const auto now = Clock::now();
  std::vector<Asked> asked;
  std::vector<std::shared_ptr<Entry>> starting;
  {
    const base::Lock lock(mutex_);
    for (const auto& connection : connections) {
      if (connection.readiness != Readiness::ready) continue;
      auto entry = entry_of(connection, now);
      if (entry->slot(kind).schedule.on_asked(now)) starting.push_back(entry);
      asked.push_back({connection.definition, std::move(entry)});
    }
  }
  for (auto& entry : starting) tasks_.local().spawn("fetch-list", work(std::move(entry), kind));
  return asked;
}

// Until when the list waits for those that it knows nothing of yet; nothing when there are none.
std::optional<base::SteadyTime> Catalogue::wait_end(mcp::ListKind kind, std::span<const Asked> asked,
                                                    base::SteadyTime began) const {
  const auto now = Clock::now();
  std::vector<SilentVendor> silent;
  OtherVendors others;
  std::vector<base::SteadyTime> answers;  // to this list
  {
    const base::Lock lock(mutex_);
    for (const auto& [definition, entry] : asked) {
      const auto& slot = entry->slot(kind);
      if (slot.list) {
        if (slot.answered >= began) answers.push_back(slot.answered);
        others.slowest = std::max(others.slowest.value_or(slot.took), slot.took);
        others.last_answer = std::max(others.last_answer, slot.answered);
      } else if (slot.schedule.failures() == 0 && slot.schedule.is_under_way(now) && !entry->is_given_up(now)) {
        silent.push_back({*definition, {}, entry->silent_since(now)});
      }
    }
  }
  if (silent.empty()) return std::nullopt;
  others.longest_pause = longest_pause(std::move(answers));

  auto end = began;
  for (auto& each : silent) {
    each.health = health_.of(each.definition.slug);
    end = std::max(end, patience_end(config_, each, others));
  }
  return std::min(end, began + config_.list_wait);
}

Aggregate Catalogue::put_together(mcp::ListKind kind, std::span<const Asked> asked) {
  const auto now = Clock::now();
  Aggregate all;
  std::vector<std::shared_ptr<Entry>> missed;
  std::optional<milliseconds> shortest;
  const auto fresh_for = [&](milliseconds ttl) { shortest = std::min(shortest.value_or(ttl), ttl); };
  {
    const base::Lock lock(mutex_);
    for (const auto& [definition, entry] : asked) {
      auto& slot = entry->slot(kind);
      if (!slot.list) {
        slot.missed = true;
        fresh_for(kIncompleteTtl);
        if (slot.schedule.on_missed(now)) missed.push_back(entry);
        continue;
      }
      all.is_private = all.is_private || slot.is_private;
      fresh_for(std::chrono::duration_cast<milliseconds>(slot.schedule.fresh_until() - now));
      all.count += slot.list->items().size();
      if (!slot.list->items().empty()) all.parts.push_back(slot.list);
    }
  }
  for (auto& entry : missed) tasks_.local().spawn("fetch-list", work(std::move(entry), kind));
  all.ttl_ms = std::max(shortest.value_or(config_.list_ttl), milliseconds(0)).count();
  std::ranges::sort(all.parts, {}, [](const auto& part) -> const std::string& { return part->vendor(); });
  return all;
}

base::Async<std::string> Catalogue::original_name(mcp::ListKind kind, const Connection& connection, std::string unified,
                                                  base::SteadyTime deadline) {
  const auto split = mcp::split_unified_name(unified);
  if (split && !mcp::is_mapped_name(unified)) co_return std::string(split->rest);

  auto list = known(kind, connection);
  const auto* item = list ? list->find_mapped(unified) : nullptr;
  if (item == nullptr) {
    // It may be of a list that another node, or this one before its restart, has given out.
    auto fetched = co_await fetch_now(kind, connection, deadline);
    if (!fetched) co_return std::move(fetched).failure();
    list = *std::move(fetched);
    item = list->find_mapped(unified);
  }
  if (item == nullptr) {
    co_return base::fail(base::Kind::invalid, "tool.unknown",
                         fmt::format("Unknown name: {}. The vendor has it no longer; list anew.", unified));
  }
  co_return item->key;
}

base::Async<std::shared_ptr<const ListedItem>> Catalogue::tool(const Connection& connection, std::string name,
                                                               base::SteadyTime deadline) {
  auto list = known(mcp::ListKind::tools, connection);
  if (!list) {
    auto fetched = co_await fetch_now(mcp::ListKind::tools, connection, deadline);
    if (!fetched) co_return std::move(fetched).failure();
    list = *std::move(fetched);
  }
  const auto* item = list->find(name);
  if (item == nullptr) co_return std::shared_ptr<const ListedItem>();
  co_return std::shared_ptr<const ListedItem>(std::move(list), item);
}

// Waits for the end of a fetch.
base::Async<std::shared_ptr<const VendorList>> Catalogue::fetch_now(mcp::ListKind kind, const Connection& connection,
                                                                    base::SteadyTime deadline) {
  std::shared_ptr<Entry> entry;
  std::uint64_t settled_before = 0;
  bool starts = false;
  {
    const base::Lock lock(mutex_);
    entry = entry_of(connection, Clock::now());
    settled_before = entry->slot(kind).settled;
    starts = entry->slot(kind).schedule.on_needed(Clock::now());
  }
  hurried_.notify_all();
  if (starts) tasks_.local().spawn("fetch-list", work(entry, kind));

  while (true) {
    auto ticket = settled_.prepare();
    {
      const base::Lock lock(mutex_);
      const auto& slot = entry->slot(kind);
      if (slot.settled != settled_before) {
        if (slot.list) co_return slot.list;
        co_return base::Failure(slot.failure.value_or(base::Error{
            base::Kind::unavailable, "list.given_up", "The credential was changed meanwhile; try again.", {}, {}}));
      }
    }
    if (Clock::now() >= deadline) {
      co_return base::fail(base::Kind::vendor_timeout, "list.timeout", "its list did not come in time");
    }
    co_await ticket.wait(deadline);
  }
}

std::shared_ptr<const VendorList> Catalogue::known(mcp::ListKind kind, const Connection& connection) {
  const base::Lock lock(mutex_);
  return entry_of(connection, Clock::now())->slot(kind).list;
}

ListState Catalogue::state(mcp::ListKind kind, const Connection& connection) const {
  const auto& key = connection.key();
  const base::Lock lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end()) return {};
  const auto& slot = found->second->slot(kind);
  return {slot.list, slot.failure};
}

}  // namespace gateway
