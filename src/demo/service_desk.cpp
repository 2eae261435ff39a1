#include "demo/service_desk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ranges>

namespace demo {
namespace {

using base::Kind;
using namespace std::chrono_literals;

constexpr std::size_t kMostTickets = 500;
constexpr std::size_t kMostNotes = 50;

constexpr std::array<Asset, 7> kAssets{{
    {"as-01", "HL-NB-0421", "notebook", "Mara Lindqvist", "Harbour office"},
    {"as-02", "HL-NB-0433", "notebook", "Tomas Okafor", "Harbour office"},
    {"as-03", "HL-SRV-FILE1", "server", "IT operations", "Harbour office"},
    {"as-04", "HL-SRV-BACKUP", "server", "IT operations", "Second site"},
    {"as-05", "HL-RTR-WEST", "router", "IT operations", "West depot"},
    {"as-06", "HL-PRN-RECEPTION", "printer", "Reception", "Harbour office"},
    {"as-07", "HL-NB-0502", "notebook", "Ines Faria", "West depot"},
}};

struct Seed {
  std::string_view title;
  std::string_view description;
  std::string_view status;
  std::string_view priority;
  std::string_view requester;
  std::string_view asset_id;
  std::chrono::hours age;
};

constexpr std::array<Seed, 6> kSeeds{{
    {"Printer at the reception prints grey pages", "Every second page is grey since the toner was changed.", "waiting",
     "low", "Reception", "as-06", 190h},
    {"New colleague starts on the first", "Account and notebook for Ines Faria, department Logistics.", "closed",
     "normal", "Human resources", "as-07", 150h},
    {"File server runs full", "HL-SRV-FILE1 has 6 % free; the share Projects grew by 400 GB in a week.", "open", "high",
     "Monitoring", "as-03", 52h},
    {"VPN connects, but the intranet does not open", "At home only; at the office all is well.", "open", "normal",
     "Tomas Okafor", "as-02", 27h},
    {"Backup of the database failed twice", "Job hl-erp-db, last error: target not reachable.", "open", "urgent",
     "Monitoring", "as-04", 5h},
    {"Cannot open shared mailbox Invoices", "Worked last week. Needed before the end of the month.", "open", "normal",
     "Mara Lindqvist", "", 2h},
}};

std::string lower(std::string_view text) {
  std::string result(text);
  for (auto& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

bool fits(const Ticket& ticket, const TicketFilter& filter) {
  return (filter.status.empty() || filter.status == ticket.status) &&
         (filter.priority.empty() || filter.priority == ticket.priority);
}

base::Failure no_such_ticket(std::string_view id) {
  return base::fail(Kind::not_found, "demo.ticket", fmt::format("There is no ticket \"{}\"; see list_tickets.", id));
}

}  // namespace

ServiceDesk::ServiceDesk(const base::Clock& clock) : clock_(clock) {
  const base::Lock lock(mutex_);
  for (const auto& seed : kSeeds) {
    tickets_.push_back({fmt::format("T-{}", next_number_++),
                        std::string(seed.title),
                        std::string(seed.description),
                        std::string(seed.status),
                        std::string(seed.priority),
                        std::string(seed.requester),
                        std::string(seed.asset_id),
                        clock.now() - seed.age,
                        {}});
  }
}

std::vector<Ticket> ServiceDesk::list(const TicketFilter& filter, std::size_t limit) const {
  const base::Lock lock(mutex_);
  std::vector<Ticket> found;
  for (const auto& ticket : tickets_ | std::views::reverse) {
    if (found.size() == limit) break;
    if (fits(ticket, filter)) found.push_back(ticket);
  }
  return found;
}

base::Result<Ticket> ServiceDesk::find(std::string_view id) const {
  const base::Lock lock(mutex_);
  const auto found = std::ranges::find(tickets_, id, &Ticket::id);
  if (found == tickets_.end()) return no_such_ticket(id);
  return *found;
}

base::Result<Ticket> ServiceDesk::create(Ticket ticket) {
  if (!ticket.asset_id.empty() && !asset(ticket.asset_id)) {
    return base::fail(Kind::not_found, "demo.asset",
                      fmt::format("There is no asset \"{}\"; see search_assets.", ticket.asset_id));
  }
  const base::Lock lock(mutex_);
  if (tickets_.size() >= kMostTickets) {
    return base::fail(Kind::too_many, "demo.full",
                      "The demo keeps at most 500 tickets, and forgets them when it is restarted.");
  }
  ticket.id = fmt::format("T-{}", next_number_++);
  ticket.status = "open";
  ticket.opened = clock_.now();
  return tickets_.emplace_back(std::move(ticket));
}

base::Result<Ticket> ServiceDesk::add_note(std::string_view id, std::string text) {
  const base::Lock lock(mutex_);
  auto* ticket = entry(id);
  if (ticket == nullptr) return no_such_ticket(id);
  if (ticket->notes.size() >= kMostNotes) {
    return base::fail(Kind::too_many, "demo.full", "The demo keeps at most 50 notes per ticket.");
  }
  ticket->notes.push_back({clock_.now(), std::move(text)});
  return *ticket;
}

base::Result<Ticket> ServiceDesk::close(std::string_view id) {
  const base::Lock lock(mutex_);
  auto* ticket = entry(id);
  if (ticket == nullptr) return no_such_ticket(id);
  if (ticket->status == "closed") {
    return base::fail(Kind::conflict, "demo.closed", fmt::format("Ticket {} is closed already.", id));
  }
  ticket->status = "closed";
  return *ticket;
}

Ticket* ServiceDesk::entry(std::string_view id) {
  const auto found = std::ranges::find(tickets_, id, &Ticket::id);
  return found == tickets_.end() ? nullptr : &*found;
}

std::vector<Asset> ServiceDesk::search_assets(std::string_view text) {
  const auto wanted = lower(text);
  std::vector<Asset> found;
  for (const auto& asset : kAssets) {
    const auto all = lower(fmt::format("{} {} {} {}", asset.name, asset.type, asset.owner, asset.site));
    if (all.contains(wanted)) found.push_back(asset);
  }
  return found;
}

std::optional<Asset> ServiceDesk::asset(std::string_view id) {
  const auto* found = std::ranges::find(kAssets, id, &Asset::id);
  return found == kAssets.end() ? std::nullopt : std::optional(*found);
}

}  // namespace demo
