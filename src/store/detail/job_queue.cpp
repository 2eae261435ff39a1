#include "store/detail/job_queue.hpp"

namespace store::detail {
namespace {

// Commits when the job says so, else leaves no trace.
void run_in_transaction(SqliteConnection& connection, Job& job) {
  if (auto begun = connection.begin(); !begun) return job.fail(std::move(begun).error());
  if (!job.run(connection)) return connection.rollback();
  if (auto committed = connection.commit(); !committed) {
    connection.rollback();
    job.fail(std::move(committed).error());
  }
}

}  // namespace

JobQueue::JobQueue(std::vector<std::unique_ptr<SqliteConnection>> connections, std::size_t limit)
    : connections_(std::move(connections)), limit_(limit) {
  for (const auto& connection : connections_) threads_.emplace_back([this, &connection] { serve(*connection); });
}

JobQueue::~JobQueue() {
  {
    const base::Lock lock(mutex_);
    stopping_ = true;
  }
  filled_.notify_all();
  for (auto& thread : threads_) thread.join();
}

bool JobQueue::push(Entry& entry) {
  {
    const base::Lock lock(mutex_);
    if (stopping_ || waiting_.size() >= limit_) return false;
    waiting_.push_back(std::move(entry));
  }
  filled_.notify_one();
  return true;
}

std::size_t JobQueue::size() const {
  const base::Lock lock(mutex_);
  return waiting_.size();
}

void JobQueue::serve(SqliteConnection& connection) {
  Entry entry;
  while (pop(entry)) {
    run_in_transaction(connection, *entry.job);
    // Let go first: what the work owns is then destroyed by the waiter, on the waiter's thread.
    entry.job.reset();
    entry.ended();
    entry.ended = nullptr;
  }
}

bool JobQueue::pop(Entry& entry) {
  const base::Lock lock(mutex_);
  while (waiting_.empty() && !stopping_) filled_.wait(mutex_);
  if (waiting_.empty()) return false;
  entry = std::move(waiting_.front());
  waiting_.pop_front();
  return true;
}

}  // namespace store::detail
