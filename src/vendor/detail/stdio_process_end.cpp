// How a vendor process ends, and what its users are told: the second half of StdioProcess.
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <csignal>

#include "base/log.hpp"
#include "base/spawn.hpp"
#include "vendor/detail/pulse.hpp"
#include "vendor/detail/stdio_process.hpp"

namespace vendor::detail {
namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;

// A process that ended may have left its last words in the pipe; a grandchild may keep the pipe open for long.
constexpr std::chrono::milliseconds kLastWords{300};

base::Task<void> wait(base::Timer& timer) {
  boost::system::error_code ignored;
  co_await timer.async_wait(base::error_into(ignored));
}

base::Task<void> sleep_until(base::Executor executor, base::SteadyTime time) {
  base::Timer timer(executor, time);
  co_await wait(timer);
}

}  // namespace

bool StdioProcess::enter() {
  const base::Lock lock(mutex_);
  if (stopping_ || state_ == State::ended) return false;
  ++users_;
  return true;
}

void StdioProcess::leave() {
  {
    const base::Lock lock(mutex_);
    if (--users_ > 0 || state_ != State::ready) return;
    stopping_ = true;
  }
  stop();
}

void StdioProcess::stop() {
  asio::post(home_, [self = shared_from_this()] { self->request_stop(Ending::on_purpose); });
}

void StdioProcess::request_stop(Ending ending) {
  {
    const base::Lock lock(mutex_);
    stopping_ = true;
  }
  if (stop_requested_) return;
  stop_requested_ = true;
  ending_ = ending;
  stop_wake_.cancel();
}

base::Task<void> StdioProcess::until_stopped() {
  if (!stop_requested_) co_await (child_->ended() || wait(stop_wake_));
}

base::Task<void> StdioProcess::end_gently() {
  if (!stop_requested_) co_return;
  boost::system::error_code ignored;
  child_->input().close(ignored);
  const auto now = steady_clock::now();
  if (co_await ends_before(now + config_.terminate_after)) co_return;
  child_->signal(SIGTERM);
  if (co_await ends_before(now + config_.kill_after)) co_return;
  child_->signal(SIGKILL);
  co_await child_->ended();
}

base::Task<bool> StdioProcess::ends_before(base::SteadyTime time) {
  const auto first = co_await (child_->ended() || sleep_until(home_, time));
  co_return first.index() == 0;
}

base::Task<void> StdioProcess::read_the_rest() {
  if (output_open_) co_await (wait(output_ended_) || sleep_until(home_, steady_clock::now() + kLastWords));
}

// Tells everybody. The supervisor comes first: who hears of the end asks it for another process.
base::Task<void> StdioProcess::finish(std::optional<base::Error> error) {
  has_ended_ = true;
  on_end_(shared_from_this(), ending_, started_);
  {
    const base::Lock lock(mutex_);
    state_ = State::ended;
    stopping_ = true;
    if (!start_error_) start_error_ = error ? *error : ended_error();
  }
  routes_.fail_all(error ? *error : ended_error());
  changed_.notify_all();
  for (const auto& listener : listeners()) listener->on_closed();
  co_await tasks_.close();
  child_.reset();
}

base::Async<Opening> StdioProcess::ready(base::SteadyTime deadline) {
  while (true) {
    auto ticket = changed_.prepare();
    {
      const base::Lock lock(mutex_);
      if (state_ == State::ready) co_return opening_;
      if (state_ == State::ended) co_return base::Failure(*start_error_);
    }
    if (co_await ticket.wait(deadline)) continue;
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) {
      co_return base::fail(base::Kind::cancelled, "cancelled", "the caller gave up");
    }
    co_return base::fail(base::Kind::vendor_timeout, "vendor.starting",
                         fmt::format("vendor {} is still starting; try again in a moment", vendor()));
  }
}

bool StdioProcess::ended() const {
  const base::Lock lock(mutex_);
  return state_ == State::ended || stopping_;
}

void StdioProcess::call(std::uint64_t id, std::string line, std::shared_ptr<Mailbox> mailbox, Routes::Purpose purpose) {
  asio::post(home_,
             [self = shared_from_this(), id, line = std::move(line), mailbox = std::move(mailbox), purpose]() mutable {
               if (self->has_ended_ || self->stop_requested_) return mailbox->fail(self->ended_error());
               if (self->queued_bytes_ + line.size() > self->config_.unread_bytes) {
                 return mailbox->fail(base::fail(base::Kind::vendor_down, "vendor.not_reading",
                                                 fmt::format("vendor {} does not read what it is sent", self->vendor()))
                                          .error());
               }
               self->routes_.add(id, std::move(mailbox), purpose);
               self->enqueue(std::move(line));
             });
}

void StdioProcess::abandon(std::uint64_t id) {
  asio::post(home_, [self = shared_from_this(), id] {
    const bool waits = self->routes_.remove(id) && self->era_ == mcp::Era::modern && !self->stop_requested_;
    if (waits) self->enqueue(cancelled_notification(id, "Nobody waits for the answer any more."));
  });
}

void StdioProcess::cancel(std::uint64_t id) {
  asio::post(home_, [self = shared_from_this(), id] { (void)self->routes_.cancel(id); });
}

void StdioProcess::send(std::string line) {
  asio::post(home_, [self = shared_from_this(), line = std::move(line)]() mutable {
    const bool reads = self->queued_bytes_ + line.size() <= self->config_.unread_bytes;
    if (!self->has_ended_ && !self->stop_requested_ && reads) self->enqueue(std::move(line));
  });
}

void StdioProcess::set_listener(const void* owner, std::weak_ptr<Listener> listener, Hold hold) {
  const base::Lock lock(mutex_);
  std::erase_if(ears_, [owner](const Ear& ear) { return ear.owner == owner; });
  ears_.push_back({owner, std::move(listener), hold});
}

void StdioProcess::remove_listener(const void* owner) {
  const base::Lock lock(mutex_);
  std::erase_if(ears_, [owner](const Ear& ear) { return ear.owner == owner; });
}

Routes::Listeners StdioProcess::listeners() const {
  const base::Lock lock(mutex_);
  Routes::Listeners all;
  for (const auto& ear : ears_) {
    if (auto listener = ear.listener.lock()) all.push_back(std::move(listener));
  }
  return all;
}

bool StdioProcess::is_held() const {
  const base::Lock lock(mutex_);
  return std::ranges::any_of(ears_, [](const Ear& ear) { return ear.hold == Hold::held && !ear.listener.expired(); });
}

// For what was not sent: the caller may open another channel and send it there.
base::Error StdioProcess::ended_error() const {
  return base::fail(base::Kind::not_found, std::string(kSessionGone),
                    fmt::format("the process of vendor {} was ended", vendor()))
      .error();
}

base::Error StdioProcess::crash(const std::string& status) const {
  auto message = fmt::format("the process of vendor {} ended by itself ({})", vendor(), status);
  if (garbage_lines_ > 0) message += "; what it wrote to its standard output was not MCP";
  const auto code = ending_ == Ending::probed ? kDiedOfProbe : std::string_view("vendor.process_ended");
  return base::fail(base::Kind::vendor_down, std::string(code), std::move(message)).error();
}

}  // namespace vendor::detail
