// The state of the demo vendor "demo-tickets": tickets and assets of an invented company, in memory, gone with the
// process. Thread-safe. Limits: 500 tickets, 50 notes per ticket.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/mutex.hpp"

namespace demo {

struct Note {
  base::Micros at;
  std::string text;
};

struct Ticket {
  std::string id;
  std::string title;
  std::string description;
  std::string status;    // "open", "waiting", "closed"
  std::string priority;  // "low", "normal", "high", "urgent"
  std::string requester;
  std::string asset_id;  // "" for none
  base::Micros opened;
  std::vector<Note> notes;
};

struct Asset {
  std::string_view id;
  std::string_view name;
  std::string_view type;
  std::string_view owner;
  std::string_view site;
};

// "" fits everything.
struct TicketFilter {
  std::string status;
  std::string priority;
};

class ServiceDesk {
 public:
  // REQUIRES: clock outlives this.
  explicit ServiceDesk(const base::Clock& clock);

  // Newest first.
  [[nodiscard]] std::vector<Ticket> list(const TicketFilter& filter, std::size_t limit) const;
  // Errors: not_found, saying which tickets there are.
  [[nodiscard]] base::Result<Ticket> find(std::string_view id) const;
  // Fills in id, status and time. Errors: too_many; not_found (asset).
  base::Result<Ticket> create(Ticket ticket);
  // Errors: not_found, too_many.
  base::Result<Ticket> add_note(std::string_view id, std::string text);
  // Errors: not_found; conflict when closed already.
  base::Result<Ticket> close(std::string_view id);

  // Whose name, type, owner or site holds the text, without case.
  [[nodiscard]] static std::vector<Asset> search_assets(std::string_view text);
  [[nodiscard]] static std::optional<Asset> asset(std::string_view id);

 private:
  Ticket* entry(std::string_view id) MCPGW_REQUIRES(mutex_);

  const base::Clock& clock_;
  mutable base::Mutex mutex_;
  std::vector<Ticket> tickets_ MCPGW_GUARDED_BY(mutex_);
  int next_number_ MCPGW_GUARDED_BY(mutex_) = 1001;
};

}  // namespace demo
