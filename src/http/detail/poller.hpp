// Tells when sockets are ready. One epoll set per event loop, edge-triggered: a socket is registered once, and waiting
// for it is a store, where Asio's wait is a system call, an allocation and a turn through its queue. The set itself is
// what Asio waits for.
// Thread: the executor's.
#pragma once

#include <sys/epoll.h>

#include <array>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/intrusive/list.hpp>
#include <span>

#include "base/async.hpp"
#include "http/detail/deadlines.hpp"

namespace http {

class Poller final : public boost::asio::execution_context::service {
 public:
  using key_type = Poller;
  static inline boost::asio::execution_context::id id;
  using Code = boost::system::error_code;

  [[nodiscard]] static Poller& of(const base::Executor& executor);
  explicit Poller(boost::asio::io_context& loop);

  class Waiting;

  // One direction of a socket: whether trying is worth while, and who waits for that.
  class Direction final : public Deadlines::Entry, public boost::intrusive::list_base_hook<> {
   public:
    Direction(Poller& poller, Deadlines& deadlines) : Entry(deadlines), poller_(poller) {}

    [[nodiscard]] bool is_ready() const { return ready_ || ended_; }
    // The system said that there is nothing to be had just now.
    void exhausted() { ready_ = false; }
    // Trying is worth while for a reason that the system does not know.
    void found_ready() { ready_ = true; }
    // Waits until is_ready(). Error: timed_out after `until`; what end() was called with; operation_aborted when the
    // waiting chain is cancelled.
    [[nodiscard]] Waiting wait(base::SteadyTime until);
    [[nodiscard]] bool has_waiter() const { return waiter_ != nullptr; }
    // Ends a pending wait, soon.
    void end(Code error);

   private:
    friend class Poller;
    friend class Waiting;
    void on_deadline() override;
    // Nobody waits any more; what waited gets the error.
    [[nodiscard]] base::Suspended take_waiter(Code error);
    void resume(Code error);

    Poller& poller_;
    Waiting* waiter_ = nullptr;
    bool ready_ = false;
    bool ended_ = false;  // hung up or failed: trying tells, from now on
  };

  // A registered socket.
  class Watch {
   public:
    Watch(Poller& poller, Deadlines& deadlines) : reading(poller, deadlines), writing(poller, deadlines) {}
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    ~Watch();
    // Takes the descriptor over. REQUIRES: none yet.
    [[nodiscard]] Code watch(int descriptor);
    [[nodiscard]] int descriptor() const { return descriptor_; }
    // Pending waits end with operation_aborted.
    void close();

    Direction reading;
    Direction writing;

   private:
    friend class Poller;
    void take(const epoll_event& event);

    int descriptor_ = -1;
  };

 private:
  static constexpr std::size_t kEventsAtOnce = 128;
  static constexpr std::size_t kFetchedAtOnce = 8;

  void shutdown() override;
  void arm();
  void look();
  // Asks the processor for what handling these will touch first. REQUIRES: at most kFetchedAtOnce.
  static void fetch(std::span<const epoll_event> events);
  void forget(const Watch& watch);

  base::Executor executor_;
  boost::asio::posix::basic_stream_descriptor<base::Executor> set_;
  bool armed_ = false;
  boost::intrusive::list<Direction> waiting_;
  // The events that are being handled; those of a socket that goes meanwhile are forgotten.
  std::array<epoll_event, kEventsAtOnce> events_{};
  std::size_t events_end_ = 0;
};

// co_await gives the error.
class Poller::Waiting {
 public:
  using IsOperation = void;
  Waiting(Direction& direction, base::SteadyTime until) : direction_(direction), until_(until) {}

  [[nodiscard]] bool is_done() const { return direction_.is_ready(); }
  void start(base::Suspended suspended);
  [[nodiscard]] Code result() const { return error_; }

 private:
  friend class Direction;
  friend class Poller;

  Direction& direction_;
  base::SteadyTime until_;
  base::Suspended suspended_;
  Code error_;
};

inline Poller::Waiting Poller::Direction::wait(base::SteadyTime until) { return {*this, until}; }

}  // namespace http
