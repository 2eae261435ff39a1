// How a room's function travels to a database thread and its result back. Included by store/database.hpp only.
#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <utility>

namespace store::detail {

// Owned by the queue and by who waits; written by one database thread, then read by the waiter.
class Job {
 public:
  Job() = default;
  virtual ~Job() = default;
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;
  // Runs on a database thread, never throws. True: the result holds a value, commit.
  virtual bool run(Connection& connection) = 0;
  // Replaces the result: no thread for it, or no commit.
  virtual void fail(base::Error error) = 0;
};

template <class Work, class R>
class WorkJob final : public Job {
 public:
  explicit WorkJob(Work work) : work_(std::move(work)) {}

  bool run(Connection& connection) override {
    try {
      result_.emplace(work_(connection));
      return result_->has_value();
    } catch (...) {
      thrown_ = std::current_exception();
      return false;
    }
  }
  void fail(base::Error error) override {
    // What the work threw tells more than the roll-back that followed.
    if (!thrown_) result_.emplace(base::Failure(std::move(error)));
  }
  [[nodiscard]] R take() {
    if (thrown_) std::rethrow_exception(thrown_);
    return std::move(*result_);
  }

 private:
  Work work_;
  std::optional<R> result_;
  std::exception_ptr thrown_;
};

}  // namespace store::detail

namespace store {

template <class Work, class R>
base::Task<R> Database::read(Work work) {
  auto job = std::make_shared<detail::WorkJob<Work, R>>(std::move(work));
  co_await run(Lane::read, job);
  co_return job->take();
}

template <class Work, class R>
base::Task<R> Database::write(Work work) {
  auto job = std::make_shared<detail::WorkJob<Work, R>>(std::move(work));
  co_await run(Lane::write, job);
  co_return job->take();
}

template <class Work, class R>
R Database::read_now(Work work) {
  auto job = std::make_shared<detail::WorkJob<Work, R>>(std::move(work));
  run_now(Lane::read, job);
  return job->take();
}

template <class Work, class R>
R Database::write_now(Work work) {
  auto job = std::make_shared<detail::WorkJob<Work, R>>(std::move(work));
  run_now(Lane::write, job);
  return job->take();
}

}  // namespace store
