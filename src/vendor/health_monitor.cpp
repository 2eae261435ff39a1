#include "vendor/health_monitor.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <functional>

#include "vendor/detail/http_health_check.hpp"
#include "vendor/detail/pulse.hpp"

namespace vendor {

namespace asio = boost::asio;

struct HealthMonitor::Watch {
  Watch(base::Executor executor, std::shared_ptr<const Definition> watched, ScheduleConfig config)
      : definition(std::move(watched)), next_check(executor), schedule(config) {}

  std::shared_ptr<const Definition> definition;
  base::Timer next_check;
  CheckSchedule schedule;
  bool stopped = false;
};

namespace {

bool is_checked(const Definition& definition) {
  if (!definition.enabled || definition.health_check == HealthCheck::none) return false;
  return definition.http || !definition.needs_credential();
}

bool is_asked_by_path(const Definition& definition) {
  return definition.health_check == HealthCheck::http && definition.http;
}

// While the breaker is open, or a process backs off, a check is refused unasked, with the time of the next trial: to
// come sooner is useless, and later would delay finding the recovery.
std::chrono::milliseconds wait_after(const base::Result<void>& answer, std::chrono::milliseconds scheduled) {
  if (answer || !answer.error().retry_after) return scheduled;
  return std::min<std::chrono::milliseconds>(scheduled, std::max(*answer.error().retry_after, std::chrono::seconds(1)));
}

http::ClientLimits few_connections() {
  http::ClientLimits limits;
  limits.connections_per_origin = 4;
  limits.idle_per_origin = 1;
  return limits;
}

}  // namespace

HealthMonitor::HealthMonitor(base::Executor executor, HealthProbe& probe, MemoryHealthBoard& board,
                             const base::Clock& clock, base::Random& random, MonitorConfig config)
    : executor_(executor),
      probe_(probe),
      board_(board),
      clock_(clock),
      random_(random),
      config_(config),
      client_(executor, few_connections()),
      checks_(executor),
      watches_(std::make_shared<Watches>()) {
  const std::weak_ptr<Watches> watches = watches_;
  changes_ = board_.changes().subscribe([executor, watches, soon = config.schedule.after_failure](const auto& change) {
    if (change.now == Status::down) asio::post(executor, std::bind_front(&check_soon, watches, change.vendor, soon));
  });
}

HealthMonitor::~HealthMonitor() = default;

void HealthMonitor::watch(const Definitions& definitions) {
  board_.keep(definitions);
  stop_all_but(definitions);
  for (const auto& [slug, definition] : definitions) {
    if (is_checked(*definition) && !watches_->contains(slug)) start(definition);
  }
}

base::Task<void> HealthMonitor::close() {
  changes_ = {};
  stop_all_but({});
  co_await checks_.close();
}

void HealthMonitor::stop_all_but(const Definitions& definitions) {
  std::erase_if(*watches_, [&definitions](const auto& entry) {
    const auto definition = definitions.find(entry.first);
    const auto& watch = entry.second;
    if (definition != definitions.end() && definition->second == watch->definition) return false;
    watch->stopped = true;
    watch->next_check.cancel();
    return true;
  });
}

// Calls may find a vendor down long before the next check is due: its recovery shall be found soon.
void HealthMonitor::check_soon(const std::weak_ptr<Watches>& watches, const std::string& vendor,
                               std::chrono::milliseconds soon) {
  const auto all = watches.lock();
  if (!all) return;
  const auto entry = all->find(vendor);
  if (entry == all->end()) return;
  auto& timer = entry->second->next_check;
  const auto at = std::chrono::steady_clock::now() + soon;
  if (timer.expiry() > at) timer.expires_at(at);
}

void HealthMonitor::start(std::shared_ptr<const Definition> definition) {
  const auto slug = definition->slug;
  const auto watch = std::make_shared<Watch>(executor_, std::move(definition), config_.schedule);
  const auto first = std::chrono::duration<double, std::milli>(config_.spread) * random_.fraction();
  watch->next_check.expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(first));
  (*watches_)[slug] = watch;
  checks_.spawn("vendor.health", run(watch));
}

base::Task<void> HealthMonitor::run(std::shared_ptr<Watch> watch) {
  while (co_await due(watch)) {
    const auto begin = clock_.steady();
    const auto answer = co_await ask(watch->definition);
    if (watch->stopped) break;
    const auto outcome = note(*watch->definition, answer, clock_.steady() - begin);
    watch->next_check.expires_after(wait_after(answer, watch->schedule.next(outcome, random_.fraction())));
  }
  probe_.forget(watch->definition);
}

// Waits for the next check; false when the watch was stopped meanwhile. Whoever moves the timer wakes this wait.
base::Task<bool> HealthMonitor::due(std::shared_ptr<Watch> watch) {
  while (!watch->stopped && std::chrono::steady_clock::now() < watch->next_check.expiry()) {
    boost::system::error_code moved;
    co_await watch->next_check.async_wait(base::error_into(moved));
  }
  co_return !watch->stopped;
}

Outcome HealthMonitor::note(const Definition& definition, const base::Result<void>& answer,
                            std::chrono::steady_clock::duration took) {
  if (answer || answer.error().kind == base::Kind::vendor_rejected) {
    board_.note_success(definition.slug, std::chrono::duration_cast<std::chrono::microseconds>(took));
    return Outcome::answered;
  }
  // What the probe found, its channel has told the board already: twice would make a vendor down too soon. Not told is
  // a 4xx, which speaks against one call; but when the handshake is refused so, the URL is wrong.
  const bool untold = is_asked_by_path(definition) || answer.error().code == detail::kHttpRefused;
  if (untold) board_.note_failure(definition.slug, answer.error());
  return Outcome::failed;
}

base::Async<void> HealthMonitor::ask(std::shared_ptr<const Definition> definition) {
  const auto now = std::chrono::steady_clock::now();
  if (is_asked_by_path(*definition)) {
    co_return co_await detail::check_http_health(client_, definition, now + config_.http_timeout);
  }
  co_return co_await probe_.check(definition, now + definition->list_timeout);
}

}  // namespace vendor
