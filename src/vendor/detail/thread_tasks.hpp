// The coroutines of the vendor room that nobody awaits, per I/O thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/io_threads.hpp"
#include "base/task_group.hpp"

namespace vendor::detail {

// One of the GET streams that a thread may keep open to a vendor: they must leave connections for the calls. Freed when
// it goes.
class StreamPlace {
 public:
  explicit StreamPlace(std::shared_ptr<std::size_t> taken) : taken_(std::move(taken)) { ++*taken_; }
  StreamPlace(StreamPlace&&) noexcept = default;
  StreamPlace& operator=(StreamPlace&&) = delete;
  ~StreamPlace() {
    if (taken_) --*taken_;
  }

 private:
  std::shared_ptr<std::size_t> taken_;
};

// Thread: that of its executor.
struct ThreadTasks {
  explicit ThreadTasks(base::Executor executor) : streams(executor), farewells(executor) {}
  base::TaskGroup streams;    // run until somebody ends them
  base::TaskGroup farewells;  // end by themselves, soon

  // Nothing when `limit` of them are taken.
  std::optional<StreamPlace> place(const std::string& vendor, std::size_t limit);

 private:
  std::map<std::string, std::shared_ptr<std::size_t>> places_taken_;
};

// All of them, and the way onto an I/O thread for callers that are on none. Thread-safe.
class Tasks {
 public:
  // REQUIRES: threads outlives this.
  explicit Tasks(base::IoThreads& threads);

  [[nodiscard]] ThreadTasks& local() { return per_thread_.local(); }
  // Starts a short task on the caller's I/O thread, or on the first one.
  void spawn_farewell(std::string_view name, base::Task<void> task);
  [[nodiscard]] std::size_t size() const { return per_thread_.size(); }
  [[nodiscard]] base::Executor executor(std::size_t index) { return threads_.executor(index); }
  [[nodiscard]] ThreadTasks& at(std::size_t index) { return per_thread_.at(index); }

  // Ends all streams, waits for farewells until `deadline`, then ends these too. Any I/O thread.
  base::Task<void> close(base::SteadyTime deadline);

 private:
  base::IoThreads& threads_;
  base::PerThread<ThreadTasks> per_thread_;
};

}  // namespace vendor::detail
