// One request without a socket whose client stays: a test reads the answer while it grows, and leaves when it wants.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <utility>

#include "base/notifier.hpp"
#include "http/exchange.hpp"

namespace fake {

class LiveExchange final : public http::Exchange {
 public:
  explicit LiveExchange(http::Request request) : request_(std::move(request)) {
    request_.body.reserve(request_.body.size() + 64);
  }

  // For the test, on its own thread.
  [[nodiscard]] bool wait_for(const std::string& words) {
    std::unique_lock lock(mutex_);
    return grown_.wait_for(lock, kPatience, [&] { return answer_.body.contains(words); });
  }
  [[nodiscard]] http::Response answer() const {
    const std::lock_guard lock(mutex_);
    return answer_;
  }
  [[nodiscard]] std::string text() const { return answer().body; }
  [[nodiscard]] bool is_finished() const {
    const std::lock_guard lock(mutex_);
    return finished_;
  }
  void leave() { set(gone_); }
  void drain() { set(draining_); }
  // The client takes nothing any more: what is written to it waits.
  void stall() { set(stalled_); }

  [[nodiscard]] const http::Request& request() const override { return request_; }
  [[nodiscard]] http::Request& request() override { return request_; }
  base::Async<void> respond(http::Response response) override { co_return take(std::move(response), true); }
  base::Async<void> respond(const http::Response& head, std::span<const std::string_view> pieces) override {
    auto whole = head;
    for (const auto piece : pieces) whole.body += piece;
    co_await flow();
    co_return take(std::move(whole), true);
  }
  base::Async<void> start(http::Response head) override { co_return take(std::move(head), false); }
  base::Async<void> write(std::span<const std::string_view> pieces) override {
    co_await flow();
    const std::lock_guard lock(mutex_);
    if (gone_) co_return base::fail(base::Kind::cancelled, "peer.gone", "gone");
    for (const auto piece : pieces) answer_.body += piece;
    grown_.notify_all();
    co_return base::Result<void>();
  }
  base::Async<void> finish() override {
    const std::lock_guard lock(mutex_);
    finished_ = true;
    co_return base::Result<void>();
  }
  [[nodiscard]] bool started() const override {
    const std::lock_guard lock(mutex_);
    return started_;
  }
  base::Task<bool> peer_closed(base::SteadyTime until) override {
    auto ticket = changed_.prepare();
    if (!peer_gone() && !draining()) co_await ticket.wait(until);
    co_return peer_gone();
  }
  [[nodiscard]] bool peer_gone() override {
    const std::lock_guard lock(mutex_);
    return gone_;
  }
  void interrupt() override { changed_.notify_all(); }
  [[nodiscard]] bool draining() const override {
    const std::lock_guard lock(mutex_);
    return draining_;
  }

 private:
  [[nodiscard]] bool stalled() const {
    const std::lock_guard lock(mutex_);
    return stalled_;
  }
  base::Task<void> flow() {
    if (stalled()) co_await changed_.prepare().wait(base::SteadyTime::max());
  }

  static constexpr std::chrono::seconds kPatience{20};

  void set(bool& flag) {
    {
      const std::lock_guard lock(mutex_);
      flag = true;
    }
    changed_.notify_all();
  }
  base::Result<void> take(http::Response response, bool whole) {
    const std::lock_guard lock(mutex_);
    answer_ = std::move(response);
    started_ = true;
    finished_ = whole;
    grown_.notify_all();
    return {};
  }

  http::Request request_;
  base::Notifier changed_;
  mutable std::mutex mutex_;
  std::condition_variable grown_;
  http::Response answer_;
  bool started_ = false;
  bool finished_ = false;
  bool gone_ = false;
  bool draining_ = false;
  bool stalled_ = false;
};

}  // namespace fake
