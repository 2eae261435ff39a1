#include "vendor/detail/thread_tasks.hpp"

#include <boost/asio/post.hpp>
#include <memory>

#include "base/on_thread.hpp"
#include "base/spawn.hpp"

namespace vendor::detail {
namespace {

base::Task<void> sleep_until(base::SteadyTime time) {
  base::Timer timer(co_await boost::asio::this_coro::executor, time);
  boost::system::error_code ignored;
  co_await timer.async_wait(base::error_into(ignored));
}

base::Task<void> close_one(ThreadTasks& tasks, base::SteadyTime deadline) {
  co_await tasks.streams.close();
  co_await (tasks.farewells.join() || sleep_until(deadline));
  co_await tasks.farewells.close();
}

}  // namespace

std::optional<StreamPlace> ThreadTasks::place(const std::string& vendor, std::size_t limit) {
  auto& taken = places_taken_[vendor];
  if (!taken) taken = std::make_shared<std::size_t>(0);
  if (*taken >= limit) return std::nullopt;
  return StreamPlace(taken);
}

Tasks::Tasks(base::IoThreads& threads)
    : threads_(threads), per_thread_(threads.size(), [&threads](std::size_t index) {
        return std::make_unique<ThreadTasks>(threads.executor(index));
      }) {}

void Tasks::spawn_farewell(std::string_view name, base::Task<void> task) {
  if (base::IoThreads::is_io_thread()) return local().farewells.spawn(name, std::move(task));
  boost::asio::post(executor(0),
                    [this, name, task = std::move(task)]() mutable { at(0).farewells.spawn(name, std::move(task)); });
}

base::Task<void> Tasks::close(base::SteadyTime deadline) {
  for (std::size_t i = 0; i < size(); ++i) co_await base::on_thread(executor(i), close_one(at(i), deadline));
}

}  // namespace vendor::detail
