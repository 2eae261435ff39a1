// Checks every enabled vendor in the background and notes on the health board what it finds: one coroutine per vendor,
// so that a slow vendor delays no other's check.
//
// Checked are vendors by HTTP, by their health path or by MCP; a stdio vendor only when it needs no credential (its
// command might not even start without one): it stays unknown until it is used. Any answer by the protocol counts, also
// one that demands a credential: it shows that the vendor is there.
//
// Thread: everything on the executor's thread.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/task_group.hpp"
#include "http/client.hpp"
#include "vendor/check_schedule.hpp"
#include "vendor/health_probe.hpp"
#include "vendor/memory_health_board.hpp"

namespace vendor {

struct MonitorConfig {
  ScheduleConfig schedule;
  std::chrono::milliseconds http_timeout{5'000};  // for GET of the health path; MCP has the definition's list_timeout
  std::chrono::milliseconds spread{1'000};        // the first checks are spread over this time
};

class HealthMonitor {
 public:
  // REQUIRES: all references outlive this.
  HealthMonitor(base::Executor executor, HealthProbe& probe, MemoryHealthBoard& board, const base::Clock& clock,
                base::Random& random, MonitorConfig config = {});
  // REQUIRES: close() has returned, or the executor's loop has stopped.
  ~HealthMonitor();

  // Watches exactly the enabled ones of these from now on; those whose definition is the same object go on undisturbed.
  void watch(const Definitions& definitions);
  // Ends every check and waits for that.
  base::Task<void> close();

 private:
  struct Watch;
  using Watches = std::map<std::string, std::shared_ptr<Watch>, std::less<>>;

  static void check_soon(const std::weak_ptr<Watches>& watches, const std::string& vendor,
                         std::chrono::milliseconds soon);
  void stop_all_but(const Definitions& definitions);
  void start(std::shared_ptr<const Definition> definition);
  base::Task<void> run(std::shared_ptr<Watch> watch);
  base::Task<bool> due(std::shared_ptr<Watch> watch);
  base::Async<void> ask(std::shared_ptr<const Definition> definition);

  Outcome note(const Definition& definition, const base::Result<void>& answer,
               std::chrono::steady_clock::duration took);

  const base::Executor executor_;
  HealthProbe& probe_;
  MemoryHealthBoard& board_;
  const base::Clock& clock_;
  base::Random& random_;
  const MonitorConfig config_;
  http::Client client_;
  base::TaskGroup checks_;
  std::shared_ptr<Watches> watches_;
  base::Signal<HealthChange>::Subscription changes_;
};

}  // namespace vendor
