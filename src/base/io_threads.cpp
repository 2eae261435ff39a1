#include "base/io_threads.hpp"

#include <limits>
#include <stdexcept>

namespace base {
namespace {

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
thread_local std::size_t current_index = kNone;

}  // namespace

IoThreads::IoThreads(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    contexts_.push_back(std::make_unique<boost::asio::io_context>(1));
    guards_.push_back(boost::asio::make_work_guard(*contexts_.back()));
  }
}

IoThreads::~IoThreads() { stop(); }

void IoThreads::start() {
  for (std::size_t i = 0; i < contexts_.size(); ++i) {
    threads_.emplace_back([this, i] {
      current_index = i;
      contexts_[i]->run();
    });
  }
}

void IoThreads::stop() {
  for (auto& context : contexts_) context->stop();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

std::size_t IoThreads::current() {
  if (current_index == kNone) throw std::logic_error("not on an I/O thread");
  return current_index;
}

bool IoThreads::is_io_thread() { return current_index != kNone; }

}  // namespace base
