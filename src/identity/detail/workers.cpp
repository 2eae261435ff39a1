#include "identity/detail/workers.hpp"

#include <utility>

namespace identity::detail {

Workers::Workers(std::size_t threads, std::size_t queue_limit) : queue_limit_(queue_limit), idle_(threads) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { serve(); });
}

Workers::~Workers() {
  {
    const base::Lock lock(mutex_);
    stopping_ = true;
  }
  filled_.notify_all();
  for (auto& thread : threads_) thread.join();
}

bool Workers::push(Job job) {
  {
    const base::Lock lock(mutex_);
    // What idle threads are about to take does not wait.
    if (waiting_.size() >= idle_ + queue_limit_) return false;
    waiting_.push_back(std::move(job));
  }
  filled_.notify_one();
  return true;
}

void Workers::serve() {
  Job job;
  while (pop(job)) {
    job();
    job = nullptr;
    rest();
  }
}

bool Workers::pop(Job& job) {
  const base::Lock lock(mutex_);
  while (waiting_.empty() && !stopping_) filled_.wait(mutex_);
  if (waiting_.empty()) return false;
  job = std::move(waiting_.front());
  waiting_.pop_front();
  --idle_;
  return true;
}

void Workers::rest() {
  const base::Lock lock(mutex_);
  ++idle_;
}

}  // namespace identity::detail
