#include "base/task_group.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <exception>

#include "base/log.hpp"
#include "base/spawn.hpp"

namespace base {

namespace asio = boost::asio;

struct TaskGroup::State {
  explicit State(Executor e) : executor(e), idle(e) { idle.expires_at(SteadyTime::max()); }

  struct Running {
    std::string_view name;
    asio::cancellation_signal cancel;
  };

  Executor executor;
  std::list<Running> tasks;
  Timer idle;  // never expires; cancelled when the last task ends
  bool closed = false;
};

namespace {

void log_escaped(std::string_view name, const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const boost::system::system_error& e) {
    if (e.code() != asio::error::operation_aborted) log::error("task.failed", {{"task", name}, {"error", e.what()}});
  } catch (const std::exception& e) {
    log::error("task.failed", {{"task", name}, {"error", e.what()}});
  }
}

}  // namespace

TaskGroup::TaskGroup(Executor executor) : state_(std::make_shared<State>(executor)) {}

TaskGroup::~TaskGroup() { state_->closed = true; }

void TaskGroup::spawn(std::string_view name, Task<void> task) {
  if (state_->closed) return;
  auto& entry = state_->tasks.emplace_back();
  entry.name = name;
  const auto at = std::prev(state_->tasks.end());
  base::spawn(state_->executor, std::move(task),
              asio::bind_cancellation_slot(entry.cancel.slot(), [state = state_, at](std::exception_ptr error) {
                if (error) log_escaped(at->name, error);
                state->tasks.erase(at);
                if (state->tasks.empty()) state->idle.cancel();
              }));
}

Task<void> TaskGroup::close() {
  state_->closed = true;
  // A cancelled task may end, and leave the list, while this loop emits: step before emitting.
  for (auto it = state_->tasks.begin(); it != state_->tasks.end();) (it++)->cancel.emit(asio::cancellation_type::all);
  co_await join();
}

Task<void> TaskGroup::join() {
  const auto state = state_;
  while (!state->tasks.empty()) {
    boost::system::error_code ended;
    co_await state->idle.async_wait(error_into(ended));
    if ((co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none) co_return;
  }
}

std::size_t TaskGroup::running() const { return state_->tasks.size(); }

}  // namespace base
