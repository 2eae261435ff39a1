// How the catalogue's lists are fetched, kept and let go.
#include <algorithm>

#include "base/log.hpp"
#include "gateway/detail/catalogue_entry.hpp"
#include "gateway/detail/list_fetch.hpp"

namespace gateway {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kShortestTtl{1'000};

// Resource templates have no notification of their own (server/resources, "List Changed Notification").
mcp::ListKind announced_as(mcp::ListKind kind) {
  return kind == mcp::ListKind::resource_templates ? mcp::ListKind::resources : kind;
}

}  // namespace

// Lets the next worker in however this one ends.
class Catalogue::Worker {
 public:
  Worker(Catalogue& catalogue, std::shared_ptr<Entry> entry, mcp::ListKind kind)
      : catalogue_(catalogue), entry_(std::move(entry)), kind_(kind) {}
  ~Worker() {
    if (is_done_) return;
    {
      const base::Lock lock(catalogue_.mutex_);
      entry_->slot(kind_).schedule.on_given_up();
      ++entry_->slot(kind_).settled;
    }
    catalogue_.settled_.notify_all();
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  void done() { is_done_ = true; }

 private:
  Catalogue& catalogue_;
  std::shared_ptr<Entry> entry_;
  mcp::ListKind kind_;
  bool is_done_ = false;
};

base::Task<void> Catalogue::work(std::shared_ptr<Entry> entry, mcp::ListKind kind) {
  Worker worker(*this, entry, kind);
  while (true) {
    co_await wait_until_due(entry, kind);
    const auto connection = connections_.at(entry->key);
    if (!connection || !begin(*entry, kind)) co_return;
    const auto deadline = Clock::now() + connection->definition->list_timeout;
    auto fetched = co_await fetch_list(connections_, *connection, kind, config_, deadline);
    if (settle(*entry, kind, *connection, std::move(fetched))) continue;
    worker.done();
    co_return;
  }
}

base::Task<void> Catalogue::wait_until_due(std::shared_ptr<Entry> entry, mcp::ListKind kind) {
  while (true) {
    auto ticket = hurried_.prepare();
    base::SteadyTime due;
    {
      const base::Lock lock(mutex_);
      if (entry->is_gone) co_return;
      due = entry->slot(kind).schedule.due();
    }
    if (due <= Clock::now()) co_return;
    co_await ticket.wait(due);
  }
}

bool Catalogue::begin(Entry& entry, mcp::ListKind kind) {
  const base::Lock lock(mutex_);
  if (entry.is_gone) return false;
  entry.slot(kind).schedule.on_started(Clock::now());
  return true;
}

// True when the worker goes on.
bool Catalogue::settle(Entry& entry, mcp::ListKind kind, const Connection& connection,
                       base::Result<FetchedList> fetched) {
  bool changed = false;
  bool goes_on = false;
  {
    const base::Lock lock(mutex_);
    auto& slot = entry.slot(kind);
    const auto now = Clock::now();
    ++slot.settled;
    if (fetched) {
      slot.took = now - slot.schedule.started();
      slot.answered = now;
      changed = keep(slot, *fetched);
      goes_on = slot.schedule.on_answered(
          now, std::clamp<milliseconds>(fetched->ttl.value_or(config_.list_ttl), kShortestTtl, config_.list_ttl_max));
    } else {
      changed = note_failure(slot, connection, std::move(fetched).error());
      goes_on = slot.schedule.on_failed(now, slot.missed ? ListSchedule::Missed::yes : ListSchedule::Missed::no);
    }
  }
  settled_.notify_all();
  if (changed) changes_.emit({entry.vendor, entry.owner, announced_as(kind)});
  return goes_on;
}

// Both return whether those who have the old list have to be told.
bool Catalogue::keep(Slot& slot, const FetchedList& fetched) {
  auto list = shared_with_others(fetched.list);
  const bool changed = slot.list ? slot.list != list : slot.missed && !list->items().empty();
  slot.list = std::move(list);
  slot.is_private = fetched.is_private;
  slot.missed = false;
  slot.failure.reset();
  return changed;
}

bool Catalogue::note_failure(Slot& slot, const Connection& connection, base::Error error) {
  error.message = vendor::without_secrets(std::move(error.message), *connection.injection);
  if (slot.schedule.failures() == 0) {
    base::log::warn("list.failed", {{"vendor", connection.definition->slug}, {"error", error.message}});
  }
  const bool refused = error.kind == base::Kind::vendor_rejected;
  slot.failure = std::move(error);
  // What the vendor serves nobody shall be offered; after any other failure the last good list stays.
  return refused && std::exchange(slot.list, nullptr) != nullptr;
}

std::shared_ptr<const VendorList> Catalogue::shared_with_others(std::shared_ptr<const VendorList> list) {
  const auto [begin, end] = lists_.equal_range(list->vendor());
  for (auto it = begin; it != end; ++it) {
    auto other = it->second.lock();
    if (other && other->equals(*list)) return other;
  }
  lists_.emplace(list->vendor(), list);
  return list;
}

std::shared_ptr<Catalogue::Entry> Catalogue::entry_of(const Connection& connection, base::SteadyTime now) {
  auto& entry = entries_[connection.key()];
  if (!entry) {
    entry = std::make_shared<Entry>(connection, config_);
    forget_superseded(*entry);
  }
  entry->used = now;
  // The definitions were read anew: another server may be behind the slug.
  if (std::exchange(entry->definition, connection.definition) != connection.definition) {
    for (auto& slot : entry->slots) slot.schedule.on_recovered(now);
  }
  return entry;
}

// Those of the same person's former credential.
void Catalogue::forget_superseded(const Entry& entry) {
  if (entry.owner.empty()) return;
  const auto prefix = entry.key.substr(0, entry.key.rfind('/') + 1);
  for (auto it = entries_.lower_bound(prefix); it != entries_.end() && it->first.starts_with(prefix);) {
    const bool superseded = it->second.get() != &entry;
    if (superseded) it->second->is_gone = true;
    it = superseded ? entries_.erase(it) : std::next(it);
  }
}

void Catalogue::on_list_changed(const ListChange& change) {
  const auto now = Clock::now();
  const auto prefix = change.owner.empty() ? change.vendor : change.vendor + "/" + change.owner + "/";
  std::vector<std::pair<std::shared_ptr<Entry>, mcp::ListKind>> starting;
  {
    const base::Lock lock(mutex_);
    for (auto it = entries_.lower_bound(prefix); it != entries_.end() && it->first.starts_with(prefix); ++it) {
      const auto& entry = it->second;
      if (entry->vendor != change.vendor || entry->owner != change.owner) continue;
      for (const auto kind : kListKinds) {
        if (announced_as(kind) != change.kind) continue;
        auto& slot = entry->slot(kind);
        const bool is_wanted = slot.list || slot.missed;
        if (is_wanted && slot.schedule.on_changed(now)) starting.emplace_back(entry, kind);
      }
    }
  }
  for (auto& [entry, kind] : starting) tasks_.local().spawn("fetch-list", work(std::move(entry), kind));
}

void Catalogue::on_health_changed(const vendor::HealthChange& change) {
  if (change.before != vendor::Status::down) return;
  const auto now = Clock::now();
  {
    const base::Lock lock(mutex_);
    for (const auto& [key, entry] : entries_) {
      if (entry->vendor != change.vendor) continue;
      for (auto& slot : entry->slots) slot.schedule.on_recovered(now);
    }
  }
  hurried_.notify_all();
}

void Catalogue::collect() {
  const auto now = Clock::now();
  {
    const base::Lock lock(mutex_);
    std::erase_if(entries_, [&](const auto& each) {
      const bool unused = each.second->used + config_.connection_idle < now;
      if (unused) each.second->is_gone = true;
      return unused;
    });
    std::erase_if(lists_, [](const auto& each) { return each.second.expired(); });
  }
  hurried_.notify_all();
}

}  // namespace gateway
