// The vendor processes: one per vendor, credential and affinity, shared by channels, started again with back-off.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "base/mutex.hpp"
#include "base/notifier.hpp"
#include "base/random.hpp"
#include "vendor/channels_config.hpp"
#include "vendor/detail/protocol_memory.hpp"
#include "vendor/detail/pulse.hpp"
#include "vendor/detail/stdio_process.hpp"
#include "vendor/detail/thread_tasks.hpp"
#include "vendor/restart_backoff.hpp"

namespace vendor::detail {

// Thread-safe.
class Supervisor {
 public:
  // REQUIRES: the references outlive this, and the processes' ends (close()) are awaited before it goes.
  Supervisor(Tasks& tasks, ProtocolMemory& memory, Pulse& pulse, base::Random& random, StdioChannelConfig config);

  // A channel to the running process, or to one that is started. A start that outlasts `deadline` goes on.
  // Errors: vendor_down (cannot start, ended by itself; at once while backing off, saying when it is started again),
  // vendor_timeout (still starting), vendor_invalid, vendor_rejected, unavailable (too many processes, shutting down).
  base::Async<std::shared_ptr<Channel>> open(OpenParams params, base::SteadyTime deadline);
  [[nodiscard]] std::size_t processes() const;
  // Ends all processes and waits for their ends.
  base::Task<void> close();

 private:
  struct Slot {
    explicit Slot(RestartConfig config) : backoff(config) {}
    std::shared_ptr<StdioProcess> process;  // nothing while none runs
    bool probe_kills = false;               // the last one died of it: the next one is not asked
    RestartBackoff backoff;

    [[nodiscard]] bool forgettable(base::SteadyTime now) const {
      return !process && !probe_kills && backoff.forgettable(now);
    }
  };

  // A use of the process and what it said. Errors: those of open().
  struct Opened {
    std::shared_ptr<StdioProcess> process;
    Opening opening;
  };
  base::Async<Opened> greeted(OpenParams params, base::SteadyTime deadline);
  // The process to use, entered.
  base::Result<std::shared_ptr<StdioProcess>> acquire(const OpenParams& params);
  base::Result<std::shared_ptr<StdioProcess>> start(const std::string& key, Slot& slot, const OpenParams& params)
      MCPGW_REQUIRES(mutex_);
  void on_end(const std::string& key, const std::shared_ptr<StdioProcess>& process, StdioProcess::Ending ending,
              base::SteadyTime started);

  Tasks& tasks_;
  ProtocolMemory& memory_;
  Pulse& pulse_;
  base::Random& random_;
  const StdioChannelConfig config_;
  mutable base::Mutex mutex_;
  bool closed_ MCPGW_GUARDED_BY(mutex_) = false;
  std::size_t next_home_ MCPGW_GUARDED_BY(mutex_) = 0;
  std::map<std::string, Slot> slots_ MCPGW_GUARDED_BY(mutex_);
  std::set<std::shared_ptr<StdioProcess>> alive_ MCPGW_GUARDED_BY(mutex_);
  base::Notifier ended_;
};

}  // namespace vendor::detail
