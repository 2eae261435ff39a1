#include "vendor/detail/supervisor.hpp"

#include <fmt/format.h>

#include <boost/asio/post.hpp>

#include "base/log.hpp"
#include "vendor/detail/stdio_channel.hpp"

namespace vendor::detail {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

std::string key_of(const OpenParams& params) {
  return fmt::format("{}\n{}\n{}", params.definition->slug, params.injection->key, params.affinity);
}

// A definition that was replaced by another one, as a whole, may still mean the same process.
bool same_command(const StdioTransport& a, const StdioTransport& b) {
  return a.command == b.command && a.arguments == b.arguments && a.environment == b.environment;
}

base::Failure backing_off(std::string_view vendor, base::SteadyTime::duration left) {
  const auto wait = std::chrono::ceil<seconds>(left);
  auto refused =
      base::fail(base::Kind::vendor_down, std::string(kBackingOff),
                 fmt::format("the process of vendor {} ended by itself; restarting in {} s", vendor, wait.count()));
  refused.error().retry_after = wait;
  return refused;
}

}  // namespace

Supervisor::Supervisor(Tasks& tasks, ProtocolMemory& memory, Pulse& pulse, base::Random& random,
                       StdioChannelConfig config)
    : tasks_(tasks), memory_(memory), pulse_(pulse), random_(random), config_(std::move(config)) {}

base::Async<std::shared_ptr<Channel>> Supervisor::open(OpenParams params, base::SteadyTime deadline) {
  auto attempt = pulse_.begin(params.definition->slug);
  if (!attempt) co_return std::move(attempt).failure();
  const auto definition = params.definition;
  auto opened = co_await greeted(params, deadline);
  // The next process is asked what every server of the legacy era survives.
  if (!opened && opened.error().code == kDiedOfProbe) opened = co_await greeted(std::move(params), deadline);
  if (!opened) {
    attempt->failed(opened.error());
    co_return std::move(opened).failure();
  }
  attempt->succeeded();
  const bool is_modern = opened->opening.era == mcp::Era::modern;
  memory_.remember(*definition, is_modern ? Protocol::modern : Protocol::legacy);
  co_return std::make_shared<StdioChannel>(std::move(opened->process), std::move(opened->opening), tasks_, pulse_,
                                           random_);
}

base::Async<Supervisor::Opened> Supervisor::greeted(OpenParams params, base::SteadyTime deadline) {
  auto process = acquire(params);
  if (!process) co_return std::move(process).failure();
  auto opening = co_await (*process)->ready(deadline);
  if (opening) co_return Opened{*std::move(process), *std::move(opening)};
  (*process)->leave();
  co_return std::move(opening).failure();
}

std::size_t Supervisor::processes() const {
  const base::Lock lock(mutex_);
  return alive_.size();
}

base::Result<std::shared_ptr<StdioProcess>> Supervisor::acquire(const OpenParams& params) {
  const auto now = steady_clock::now();
  const auto key = key_of(params);
  const base::Lock lock(mutex_);
  if (closed_) return base::fail(base::Kind::unavailable, "vendor.closing", "The gateway shuts down.");
  std::erase_if(slots_, [now](const auto& entry) { return entry.second.forgettable(now); });

  auto& slot = slots_.try_emplace(key, config_.restart).first->second;
  if (slot.process && same_command(slot.process->transport(), *params.definition->stdio) && slot.process->enter()) {
    return slot.process;
  }
  if (now < slot.backoff.start_at()) return backing_off(params.definition->slug, slot.backoff.start_at() - now);
  return start(key, slot, params);
}

base::Result<std::shared_ptr<StdioProcess>> Supervisor::start(const std::string& key, Slot& slot,
                                                              const OpenParams& params) {
  if (alive_.size() >= config_.processes) {
    return base::fail(base::Kind::unavailable, "vendor.too_many_processes",
                      fmt::format("The gateway already runs {} vendor processes, which is its limit.", alive_.size()));
  }
  const auto home = next_home_++ % tasks_.size();
  auto protocol = params.definition->protocol;
  if (protocol == Protocol::automatic) protocol = memory_.recall(*params.definition).value_or(protocol);
  if (std::exchange(slot.probe_kills, false) && protocol == Protocol::automatic) protocol = Protocol::legacy;
  auto process =
      std::make_shared<StdioProcess>(tasks_.executor(home), params, protocol, config_,
                                     [this, key](const std::shared_ptr<StdioProcess>& it, StdioProcess::Ending ending,
                                                 base::SteadyTime started) { on_end(key, it, ending, started); });
  slot.process = process;
  alive_.insert(process);
  (void)process->enter();
  boost::asio::post(tasks_.executor(home), [this, home, process] {
    tasks_.at(home).streams.spawn("stdio.process", StdioProcess::live(process));
  });
  return process;
}

void Supervisor::on_end(const std::string& key, const std::shared_ptr<StdioProcess>& process,
                        StdioProcess::Ending ending, base::SteadyTime started) {
  {
    const base::Lock lock(mutex_);
    alive_.erase(process);
    const auto found = slots_.find(key);
    if (found != slots_.end() && found->second.process == process) {
      found->second.process.reset();
      found->second.probe_kills = ending == StdioProcess::Ending::probed;
      if (ending == StdioProcess::Ending::crashed) found->second.backoff.on_crash(started, steady_clock::now());
    }
  }
  ended_.notify_all();
}

base::Task<void> Supervisor::close() {
  {
    const base::Lock lock(mutex_);
    closed_ = true;
    for (const auto& process : alive_) process->stop();
  }
  while (true) {
    auto ticket = ended_.prepare();
    if (processes() == 0) co_return;
    if (!co_await ticket.wait(base::SteadyTime::max())) co_return;
  }
}

}  // namespace vendor::detail
