// What the catalogue keeps of one connection. Guarded by the catalogue's mutex.
#pragma once

#include <algorithm>
#include <array>

#include "gateway/catalogue.hpp"

namespace gateway {

inline constexpr std::array kListKinds{mcp::ListKind::tools, mcp::ListKind::prompts, mcp::ListKind::resources,
                                       mcp::ListKind::resource_templates};

// One kind of list.
struct Catalogue::Slot {
  explicit Slot(const Config& config) : schedule({.quiet = config.list_quiet}) {}

  ListSchedule schedule;
  std::shared_ptr<const VendorList> list;      // the last good one
  std::chrono::steady_clock::duration took{};  // its fetch
  base::SteadyTime answered{};
  bool is_private = false;             // the vendor says so
  bool missed = false;                 // somebody was answered without it
  std::optional<base::Error> failure;  // of the last fetch
  std::uint64_t settled = 0;           // fetches that ended
};

struct Catalogue::Entry {
  Entry(const Connection& connection, const Config& config)
      : key(connection.key()),
        vendor(connection.definition->slug),
        owner(connection.owner()),
        definition(connection.definition),
        slots{Slot(config), Slot(config), Slot(config), Slot(config)} {}

  const std::string key;
  const std::string vendor;
  const std::string owner;
  std::shared_ptr<const vendor::Definition> definition;  // of the lists
  base::SteadyTime used{};
  bool is_gone = false;  // no longer in the catalogue
  std::array<Slot, kListKinds.size()> slots;

  [[nodiscard]] Slot& slot(mcp::ListKind kind) { return slots.at(static_cast<std::size_t>(kind)); }
  [[nodiscard]] const Slot& slot(mcp::ListKind kind) const { return slots.at(static_cast<std::size_t>(kind)); }
  // Somebody was answered without what the vendor still owes: nobody else waits for it.
  [[nodiscard]] bool is_given_up(base::SteadyTime now) const {
    return std::ranges::any_of(
        slots, [&](const Slot& each) { return !each.list && each.missed && each.schedule.is_under_way(now); });
  }
  // Since when the vendor owes a first answer, whatever it was asked.
  [[nodiscard]] base::SteadyTime silent_since(base::SteadyTime now) const {
    auto since = now;
    for (const auto& each : slots) {
      if (!each.list) since = std::min(since, each.schedule.under_way_since(now));
    }
    return since;
  }
};

}  // namespace gateway
