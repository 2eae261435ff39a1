// One event loop per thread. Objects with I/O belong to one of them; PerThread<T> holds one T for each.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <thread>
#include <vector>

#include "base/async.hpp"

namespace base {

class IoThreads {
 public:
  // REQUIRES: count > 0. The loops run from start() on.
  explicit IoThreads(std::size_t count);
  ~IoThreads();
  IoThreads(const IoThreads&) = delete;
  IoThreads& operator=(const IoThreads&) = delete;

  [[nodiscard]] std::size_t size() const { return contexts_.size(); }
  [[nodiscard]] Executor executor(std::size_t index) { return contexts_[index]->get_executor(); }
  void start();
  // Stops the loops, whatever still waits in them, and joins the threads.
  void stop();

  // Index of the I/O thread that calls. REQUIRES: called on an I/O thread.
  [[nodiscard]] static std::size_t current();
  [[nodiscard]] static bool is_io_thread();

 private:
  using Guard = boost::asio::executor_work_guard<Executor>;
  std::vector<std::unique_ptr<boost::asio::io_context>> contexts_;
  std::vector<Guard> guards_;
  std::vector<std::thread> threads_;
};

// One T per I/O thread, made by `make(index)`; local() is the caller's own.
template <class T>
class PerThread {
 public:
  template <class Make>
  PerThread(std::size_t count, Make make) {
    for (std::size_t i = 0; i < count; ++i) items_.push_back(make(i));
  }
  [[nodiscard]] T& local() { return *items_[IoThreads::current()]; }
  [[nodiscard]] T& at(std::size_t index) { return *items_[index]; }
  [[nodiscard]] const T& at(std::size_t index) const { return *items_[index]; }
  [[nodiscard]] std::size_t size() const { return items_.size(); }

 private:
  std::vector<std::unique_ptr<T>> items_;
};

}  // namespace base
