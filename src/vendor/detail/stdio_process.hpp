// One vendor process and the MCP session with it over its standard streams (2025-11-25 basic/transports, "stdio"):
// started, shaken hands with, shared by channels, ended gently.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/mutex.hpp"
#include "base/notifier.hpp"
#include "base/task_group.hpp"
#include "vendor/channels_config.hpp"
#include "vendor/detail/child_process.hpp"
#include "vendor/detail/handshake.hpp"
#include "vendor/detail/stdio_routes.hpp"

namespace vendor::detail {

// Thread-safe, but for live(). Belongs to one I/O thread, its home, where everything happens.
class StdioProcess : public std::enable_shared_from_this<StdioProcess> {
 public:
  enum class Ending { crashed, on_purpose };
  // Called once, on the home thread, when the process has ended.
  using OnEnd = std::function<void(const std::shared_ptr<StdioProcess>&, Ending, base::SteadyTime started)>;

  StdioProcess(base::Executor home, OpenParams params, StdioChannelConfig config, OnEnd on_end);

  // The whole life of the process. Home thread. Never cancelled: stop() ends it, within kill_after.
  static base::Task<void> live(std::shared_ptr<StdioProcess> self);

  // Counts one more user; false when the process ends or has ended.
  [[nodiscard]] bool enter();
  // One user less; the last one's leaving ends the process, unless it is still starting.
  void leave();
  void stop();

  // Waits for the end of the handshake. Errors: what made it fail; vendor_timeout while it still starts.
  base::Async<Initialized> ready(base::SteadyTime deadline);
  [[nodiscard]] bool ended() const;
  [[nodiscard]] std::uint64_t next_id() { return next_id_++; }
  // Sends a request; its answer goes to the mailbox. A failure, too.
  void call(std::uint64_t id, std::string line, std::shared_ptr<Mailbox> mailbox);
  // Nobody waits for that answer any more.
  void forget(std::uint64_t id);
  // Sends a notification or a response.
  void send(std::string line);
  // `owner` names a listener for replacing and removing it.
  void set_listener(const void* owner, std::weak_ptr<Listener> listener);
  void remove_listener(const void* owner);

  [[nodiscard]] const std::string& vendor() const { return params_.definition->slug; }
  [[nodiscard]] const StdioTransport& transport() const { return *params_.definition->stdio; }
  [[nodiscard]] const StdioChannelConfig& config() const { return config_; }

 private:
  enum class State { starting, ready, ended };

  [[nodiscard]] Command command() const;
  void start_tasks();
  base::Task<void> shake_hands();
  base::Task<void> read_output();
  base::Task<void> read_errors();
  base::Task<void> write_input();
  base::Task<void> stop_when_idle();
  base::Task<void> until_stopped();
  base::Task<void> end_gently();
  base::Task<bool> ends_before(base::SteadyTime time);
  base::Task<void> read_the_rest();
  base::Task<void> finish(std::optional<base::Error> error);

  void take_line(std::string line);
  void take_long_line();
  void log_error_line(std::string line) const;
  void enqueue(std::string line);
  void request_stop(Ending ending);
  void fail_start(base::Error error);
  [[nodiscard]] base::Error ended_error() const;
  [[nodiscard]] base::Error crash(const std::string& status) const;
  [[nodiscard]] StdioRoutes::Listeners listeners() const;

  const base::Executor home_;
  const OpenParams params_;
  const StdioChannelConfig config_;
  const OnEnd on_end_;
  std::atomic<std::uint64_t> next_id_ = kInitializeId + 1;

  mutable base::Mutex mutex_;
  State state_ MCPGW_GUARDED_BY(mutex_) = State::starting;
  bool stopping_ MCPGW_GUARDED_BY(mutex_) = false;
  int users_ MCPGW_GUARDED_BY(mutex_) = 0;
  Initialized initialized_ MCPGW_GUARDED_BY(mutex_);
  std::optional<base::Error> start_error_ MCPGW_GUARDED_BY(mutex_);
  std::vector<std::pair<const void*, std::weak_ptr<Listener>>> listeners_ MCPGW_GUARDED_BY(mutex_);
  base::Notifier changed_;

  // Home thread only.
  std::optional<ChildProcess> child_;
  base::TaskGroup tasks_;
  StdioRoutes routes_;
  std::deque<std::string> queue_;
  std::size_t queued_bytes_ = 0;
  base::Timer writer_wake_;
  base::Timer stop_wake_;
  base::Timer output_ended_;
  bool output_open_ = true;
  bool stop_requested_ = false;
  bool has_ended_ = false;
  Ending ending_ = Ending::crashed;
  base::SteadyTime started_{};
  base::SteadyTime last_traffic_{};
  std::size_t garbage_lines_ = 0;
};

}  // namespace vendor::detail
