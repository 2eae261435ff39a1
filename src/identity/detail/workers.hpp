// A few threads and a bounded queue of what they shall do. Thread-safe.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "base/mutex.hpp"

namespace identity::detail {

class Workers {
 public:
  using Job = std::move_only_function<void()>;  // must not throw

  // `queue_limit`: jobs that may wait, besides those under way.
  Workers(std::size_t threads, std::size_t queue_limit);
  // Runs everything that waits, then ends the threads.
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // False when the queue is full.
  [[nodiscard]] bool push(Job job);

 private:
  void serve();
  bool pop(Job& job);
  void rest();

  const std::size_t queue_limit_;
  base::Mutex mutex_;
  std::condition_variable_any filled_;
  std::deque<Job> waiting_ MCPGW_GUARDED_BY(mutex_);
  std::size_t idle_ MCPGW_GUARDED_BY(mutex_);
  bool stopping_ MCPGW_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace identity::detail
