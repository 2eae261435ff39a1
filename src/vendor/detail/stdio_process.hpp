// One vendor process and what is said with it over its standard streams (2025-11-25 basic/transports, "stdio";
// 2026-07-28 basic/transports/stdio): started, greeted, shared by channels, ended gently.
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
#include "vendor/detail/routes.hpp"
#include "vendor/detail/stdio_greeting.hpp"

namespace vendor::detail {

// The code of an error of ready(): the process may live when it is asked initialize at once.
inline constexpr std::string_view kDiedOfProbe = "vendor.died_of_probe";

// Thread-safe, but for live(). Belongs to one I/O thread, its home, where everything happens.
class StdioProcess : public std::enable_shared_from_this<StdioProcess> {
 public:
  // `probed`: it ended by itself while all that it had been asked was what it speaks.
  enum class Ending { crashed, probed, on_purpose };
  // Called once, on the home thread, when the process has ended.
  using OnEnd = std::function<void(const std::shared_ptr<StdioProcess>&, Ending, base::SteadyTime started)>;

  // `protocol` is what it is known to speak, automatic when that is not known.
  StdioProcess(base::Executor home, OpenParams params, Protocol protocol, StdioChannelConfig config, OnEnd on_end);

  // The whole life of the process. Home thread. Never cancelled: stop() ends it, within kill_after.
  static base::Task<void> live(std::shared_ptr<StdioProcess> self);

  // Counts one more user; false when the process ends or has ended.
  [[nodiscard]] bool enter();
  // One user less; the last one's leaving ends the process, unless it is still starting.
  void leave();
  void stop();

  // Waits for the end of the greeting. Errors: what made it fail, with code kDiedOfProbe when another try may be
  // luckier; vendor_timeout while it still starts.
  base::Async<Opening> ready(base::SteadyTime deadline);
  [[nodiscard]] bool ended() const;
  [[nodiscard]] std::uint64_t next_id() { return next_id_++; }
  // Sends a request; its answer goes to the mailbox. A failure, too.
  void call(std::uint64_t id, std::string line, std::shared_ptr<Mailbox> mailbox, Routes::Purpose purpose);
  // Nobody waits for that answer any more; a process of the modern era is told so.
  void abandon(std::uint64_t id);
  // Ends the wait for that answer with an error of kind cancelled.
  void cancel(std::uint64_t id);
  // Sends a notification or a response.
  void send(std::string line);
  // `owner` names a listener for replacing and removing it. With a hold the process does not end of idleness.
  enum class Hold { none, held };
  void set_listener(const void* owner, std::weak_ptr<Listener> listener, Hold hold);
  void remove_listener(const void* owner);

  [[nodiscard]] const std::string& vendor() const { return params_.definition->slug; }
  [[nodiscard]] const StdioTransport& transport() const { return *params_.definition->stdio; }
  [[nodiscard]] const StdioChannelConfig& config() const { return config_; }

 private:
  enum class State { starting, ready, ended };
  struct Ear {
    const void* owner;
    std::weak_ptr<Listener> listener;
    Hold hold;
  };

  [[nodiscard]] Command command() const;
  void start_tasks();
  base::Task<void> greet();
  [[nodiscard]] StdioGreeting greeting();
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
  [[nodiscard]] Routes::Listeners listeners() const;
  [[nodiscard]] bool is_held() const;

  const base::Executor home_;
  const OpenParams params_;
  const StdioChannelConfig config_;
  const Protocol protocol_;
  const OnEnd on_end_;
  std::atomic<std::uint64_t> next_id_ = kDiscoverId + 1;

  mutable base::Mutex mutex_;
  State state_ MCPGW_GUARDED_BY(mutex_) = State::starting;
  bool stopping_ MCPGW_GUARDED_BY(mutex_) = false;
  int users_ MCPGW_GUARDED_BY(mutex_) = 0;
  Opening opening_ MCPGW_GUARDED_BY(mutex_);
  std::optional<base::Error> start_error_ MCPGW_GUARDED_BY(mutex_);
  std::vector<Ear> ears_ MCPGW_GUARDED_BY(mutex_);
  base::Notifier changed_;

  // Home thread only.
  std::optional<ChildProcess> child_;
  StdioGreeting greeting_;
  mcp::Era era_ = mcp::Era::legacy;
  base::TaskGroup tasks_;
  Routes routes_;
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
