#include "vendor/detail/stdio_process.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>

#include "base/log.hpp"
#include "vendor/detail/line_reader.hpp"

namespace vendor::detail {
namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;

base::Task<void> wait(base::Timer& timer) {
  boost::system::error_code ignored;
  co_await timer.async_wait(base::error_into(ignored));
}

}  // namespace

StdioProcess::StdioProcess(base::Executor home, OpenParams params, Protocol protocol, StdioChannelConfig config,
                           OnEnd on_end)
    : home_(home),
      params_(std::move(params)),
      config_(std::move(config)),
      protocol_(protocol),
      on_end_(std::move(on_end)),
      greeting_(greeting()),
      tasks_(home),
      writer_wake_(home, base::SteadyTime::max()),
      stop_wake_(home, base::SteadyTime::max()),
      output_ended_(home, base::SteadyTime::max()) {}

base::Task<void> StdioProcess::live(std::shared_ptr<StdioProcess> self) {
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  self->started_ = self->last_traffic_ = steady_clock::now();
  auto child = ChildProcess::spawn(self->home_, self->command());
  if (!child) {
    co_return co_await self->finish(std::move(child).error().at(fmt::format("vendor {}", self->vendor())));
  }
  self->child_.emplace(*std::move(child));
  base::log::info("vendor.process_started", {{"vendor", self->vendor()}, {"pid", self->child_->pid()}});
  self->start_tasks();

  co_await self->until_stopped();
  if (!self->stop_requested_ && self->greeting_.probes()) self->ending_ = Ending::probed;
  co_await self->end_gently();
  co_await self->read_the_rest();
  const auto status = self->child_->reap();
  base::log::info("vendor.process_ended", {{"vendor", self->vendor()}, {"status", status}});
  co_await self->finish(self->ending_ == Ending::on_purpose ? std::nullopt : std::optional(self->crash(status)));
}

Command StdioProcess::command() const {
  // Later ones win: a definition may set what is inherited, a credential what the definition sets.
  std::map<std::string, base::SecretString> variables;
  for (const auto& [name, value] : config_.environment) variables[name] = base::SecretString(std::string_view(value));
  for (const auto& [name, value] : transport().environment)
    variables[name] = base::SecretString(std::string_view(value));
  for (const auto& [name, value] : params_.injection->environment) variables[name] = value;
  Command command{.program = transport().command, .arguments = transport().arguments, .environment = {}};
  for (const auto& [name, value] : variables) {
    command.environment.emplace_back(fmt::format("{}={}", name, value.reveal()));
  }
  return command;
}

void StdioProcess::start_tasks() {
  tasks_.spawn("stdio.output", read_output());
  tasks_.spawn("stdio.errors", read_errors());
  tasks_.spawn("stdio.input", write_input());
  tasks_.spawn("stdio.greeting", greet());
  tasks_.spawn("stdio.idle", stop_when_idle());
}

StdioGreeting StdioProcess::greeting() {
  const bool is_stated = params_.definition->protocol != Protocol::automatic;
  return {vendor(),
          params_.initialize_params,
          protocol_,
          is_stated,
          {config_.start_timeout, config_.probe_timeout},
          [this](std::uint64_t id, std::string line) {
            auto mailbox = std::make_shared<Mailbox>(config_.message_bytes);
            routes_.add(id, mailbox);
            enqueue(std::move(line));
            return mailbox;
          }};
}

base::Task<void> StdioProcess::greet() {
  auto opening = co_await greeting_.run();
  if (!opening) co_return fail_start(std::move(opening).error());

  // A late answer to the greeting's other question is dropped.
  routes_.remove(kOpeningId);
  routes_.remove(kDiscoverId);
  era_ = opening->era;
  if (era_ == mcp::Era::legacy) enqueue(std::string(kInitializedNotification));
  {
    const base::Lock lock(mutex_);
    opening_ = *std::move(opening);
    state_ = State::ready;
  }
  changed_.notify_all();
}

void StdioProcess::fail_start(base::Error why) {
  if (why.kind == base::Kind::vendor_timeout && garbage_lines_ > 0) {
    why.message += "; what it writes to its standard output is not MCP";
  }
  {
    const base::Lock lock(mutex_);
    start_error_ = std::move(why);
  }
  request_stop(Ending::crashed);
}

base::Task<void> StdioProcess::read_output() {
  LineReader lines(config_.message_bytes);
  std::array<char, 16 << 10> buffer;
  while (true) {
    boost::system::error_code failed;
    const auto size = co_await child_->output().async_read_some(asio::buffer(buffer), base::error_into(failed));
    if (failed) break;
    lines.feed(std::string_view(buffer.data(), size));
    while (auto line = lines.next()) {
      if (line->too_long) take_long_line();
      if (!line->too_long) take_line(std::move(line->text));
    }
  }
  output_open_ = false;
  output_ended_.cancel();
}

void StdioProcess::take_line(std::string line) {
  if (line.find_first_not_of(" \t\r") == std::string::npos) return;
  last_traffic_ = steady_clock::now();
  auto messages = read_received(vendor(), std::move(line));
  if (!messages) {
    // Many servers print a greeting, or log, where only messages belong.
    if (garbage_lines_++ == 0) base::log::debug("vendor.bad_message", {{"vendor", vendor()}});
    return;
  }
  const auto hearing = listeners();
  for (auto& message : *messages) {
    if (era_ == mcp::Era::modern) {
      routes_.route_modern(std::move(message));
      continue;
    }
    if (auto reply = routes_.route(std::move(message), hearing)) enqueue(*std::move(reply));
  }
}

// Whose answer it was is not known, and to read on would be unbounded: all that wait are told.
void StdioProcess::take_long_line() {
  routes_.fail_all(base::fail(base::Kind::too_large, "vendor.too_large",
                              fmt::format("vendor {} sent a message of more than {} bytes, which is the limit",
                                          vendor(), config_.message_bytes))
                       .error());
}

base::Task<void> StdioProcess::read_errors() {
  constexpr std::size_t kLongestLine = 4 << 10;
  LineReader lines(kLongestLine);
  std::array<char, 4 << 10> buffer;
  while (true) {
    boost::system::error_code failed;
    const auto size = co_await child_->errors().async_read_some(asio::buffer(buffer), base::error_into(failed));
    if (failed) co_return;
    lines.feed(std::string_view(buffer.data(), size));
    while (auto line = lines.next()) log_error_line(std::move(line->text));
  }
}

void StdioProcess::log_error_line(std::string line) const {
  if (!base::log::enabled(base::LogLevel::debug) || line.empty()) return;
  // A process may print what it was started with.
  for (const auto& [name, value] : params_.injection->environment) {
    constexpr std::size_t kShortestSecret = 4;
    const auto secret = value.reveal();
    if (secret.size() < kShortestSecret) continue;
    for (auto at = line.find(secret); at != std::string::npos; at = line.find(secret, at)) {
      line.replace(at, secret.size(), "***");
    }
  }
  constexpr std::size_t kLongestLogged = 500;
  base::log::debug("vendor.stderr", {{"vendor", vendor()}, {"line", shortened(line, kLongestLogged)}});
}

base::Task<void> StdioProcess::write_input() {
  while (true) {
    while (queue_.empty()) {
      co_await wait(writer_wake_);
      if ((co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none) co_return;
    }
    const auto line = std::move(queue_.front());
    queue_.pop_front();
    boost::system::error_code failed;
    co_await asio::async_write(child_->input(), asio::buffer(line), base::error_into(failed));
    queued_bytes_ -= line.size();
    // It does not read any more. That it ends as well is seen elsewhere; until then its calls wait.
    if (failed) co_return;
  }
}

void StdioProcess::enqueue(std::string line) {
  // Line ends are white space outside JSON strings and cannot stand inside them: a message becomes one line.
  std::ranges::replace_if(line, [](char c) { return c == '\n' || c == '\r'; }, ' ');
  line += '\n';
  queued_bytes_ += line.size();
  queue_.push_back(std::move(line));
  last_traffic_ = steady_clock::now();
  writer_wake_.cancel();
}

base::Task<void> StdioProcess::stop_when_idle() {
  base::Timer timer(home_);
  while (true) {
    const auto due = last_traffic_ + config_.idle_timeout;
    if (routes_.idle() && !is_held() && steady_clock::now() >= due) co_return request_stop(Ending::on_purpose);
    timer.expires_at(std::max(due, steady_clock::now() + config_.idle_timeout / 4));
    co_await timer.async_wait(base::use_task);
  }
}

}  // namespace vendor::detail
