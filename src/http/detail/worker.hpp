// One I/O thread's part of the server: its connections, their deadlines, what they share.
#pragma once

#include <array>
#include <atomic>
#include <boost/intrusive/list.hpp>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/task_group.hpp"
#include "http/detail/deadlines.hpp"
#include "http/detail/known_heads.hpp"
#include "http/detail/stream.hpp"
#include "http/server.hpp"

namespace http {

class Connection;

// What all threads of one server share; nothing in it changes but the atomics.
struct Shared {
  Shared(Handler& h, const ServerLimits& l) : handler(h), limits(l) {}
  Handler& handler;
  ServerLimits limits;
  TlsContext tls;  // none: plain
  std::atomic<std::size_t> connections{0};
  std::atomic<bool> draining{false};
  base::SystemClock clock;
  base::SystemRandom random;
};

struct Accepted {
  int descriptor;
  boost::asio::ip::tcp::endpoint peer;
};

// Thread: the executor's, but for load() and the constructor. Owned by the server and by each of its connections.
class Worker : public std::enable_shared_from_this<Worker> {
 public:
  Worker(base::Executor executor, std::shared_ptr<Shared> shared);
  ~Worker();

  // Serves an accepted socket, counted already in load() and Shared::connections. Takes the descriptor over.
  void serve(const Accepted& accepted);
  // Wakes the streams, so that they see that the server drains.
  void drain();
  // Cuts every connection and cancels what their handlers wait for.
  void close();

  [[nodiscard]] std::atomic<std::size_t>& load() { return load_; }
  [[nodiscard]] base::Executor executor() const { return executor_; }
  [[nodiscard]] Shared& shared() { return *shared_; }
  [[nodiscard]] Poller& poller() { return poller_; }
  [[nodiscard]] Deadlines& deadlines() { return deadlines_; }
  [[nodiscard]] base::TaskGroup& tasks() { return tasks_; }
  [[nodiscard]] KnownHeads& known_heads() { return collector_.heads; }
  // To be called when something may have been put in there.
  void collect_known_heads() { collector_.start(); }
  // Where bytes are read to before they are parsed; what must be kept is copied before the next co_await.
  [[nodiscard]] std::span<char> scratch() { return *scratch_; }
  // "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n", made once a second.
  [[nodiscard]] std::string_view date_line();
  // 128 random bits in hex.
  [[nodiscard]] std::string request_id();

  void enter(Connection& connection);
  void leave(Connection& connection);

 private:
  struct Links;
  // Lets go of heads that do not come any more.
  class Collector final : Deadlines::Entry {
   public:
    using Entry::Entry;
    KnownHeads heads;
    void start();

   private:
    void on_deadline() override;
    bool started_ = false;
  };
  base::Executor executor_;
  std::shared_ptr<Shared> shared_;
  std::atomic<std::size_t> load_{0};
  Poller& poller_;
  Deadlines deadlines_;
  Collector collector_;
  base::TaskGroup tasks_;
  base::TaskGroup closing_;
  std::unique_ptr<Links> links_;
  std::unique_ptr<std::array<char, 64 << 10>> scratch_;
  std::string date_line_;
  std::chrono::seconds date_second_{-1};
  std::array<std::uint8_t, 4096> random_{};
  std::size_t random_used_ = sizeof(random_);
  bool closed_ = false;
};

}  // namespace http
