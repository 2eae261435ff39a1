// A bounded queue and the threads that empty it. Thread-safe.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "base/mutex.hpp"
#include "store/detail/sqlite_connection.hpp"

namespace store::detail {

class JobQueue {
 public:
  struct Entry {
    std::shared_ptr<Job> job;
    std::move_only_function<void()> ended;  // called on the database thread after the job; must not throw
  };

  // One thread per connection. `limit` is the number of entries that may wait.
  JobQueue(std::vector<std::unique_ptr<SqliteConnection>> connections, std::size_t limit);
  // Runs everything that waits, then ends the threads.
  ~JobQueue();
  JobQueue(const JobQueue&) = delete;
  JobQueue& operator=(const JobQueue&) = delete;

  // False when the queue is full; `entry` is then untouched.
  [[nodiscard]] bool push(Entry& entry);
  [[nodiscard]] std::size_t size() const;

 private:
  void serve(SqliteConnection& connection);
  // False when the queue is empty and stopping.
  bool pop(Entry& entry);

  std::vector<std::unique_ptr<SqliteConnection>> connections_;
  const std::size_t limit_;
  mutable base::Mutex mutex_;
  std::condition_variable_any filled_;
  std::deque<Entry> waiting_ MCPGW_GUARDED_BY(mutex_);
  bool stopping_ MCPGW_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace store::detail
