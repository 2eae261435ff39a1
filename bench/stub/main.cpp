// A vendor for benchmarks: one thread, no logging, answers that are rendered before they are asked for.
#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdlib>
#include <queue>
#include <unordered_map>

#include "bench/stub/connection.hpp"

namespace {

using bench::Connection;
using Clock = std::chrono::steady_clock;

struct Due {
  Clock::time_point at;
  int descriptor;
  std::uint64_t generation;  // of the connection: descriptors are used again
  bool operator>(const Due& other) const { return at > other.at; }
};

struct Place {
  std::unique_ptr<Connection> connection;
  std::uint64_t generation = 0;
};

class Loop {
 public:
  explicit Loop(int listener) : listener_(listener), epoll_(::epoll_create1(0)) { watch(listener, EPOLLIN); }

  [[noreturn]] void run() {
    std::array<epoll_event, 512> events{};
    for (;;) {
      const int count = ::epoll_wait(epoll_, events.data(), events.size(), timeout());
      for (int i = 0; i < count; ++i) handle(events[static_cast<std::size_t>(i)]);
      answer_due();
    }
  }

 private:
  void watch(int descriptor, std::uint32_t what) const {
    epoll_event event{};
    event.events = what;
    event.data.fd = descriptor;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
  }

  void handle(const epoll_event& event) {
    if (event.data.fd == listener_) return accept_all();
    const auto found = places_.find(event.data.fd);
    if (found == places_.end()) return;
    auto& connection = *found->second.connection;
    if ((event.events & EPOLLOUT) != 0 && connection.writable() == Connection::State::closed) {
      places_.erase(found);
      return;
    }
    if ((event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) take(event.data.fd, connection.readable());
  }

  void take(int descriptor, const Connection::Step& step) {
    if (step.state == Connection::State::closed) {
      places_.erase(descriptor);
    } else if (step.answer_after) {
      due_.push({Clock::now() + *step.answer_after, descriptor, places_[descriptor].generation});
    }
  }

  void answer_due() {
    while (!due_.empty() && due_.top().at <= Clock::now()) {
      const auto due = due_.top();
      due_.pop();
      const auto found = places_.find(due.descriptor);
      if (found == places_.end() || found->second.generation != due.generation) continue;
      take(due.descriptor, found->second.connection->answer());
    }
  }

  [[nodiscard]] int timeout() const {
    if (due_.empty()) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(due_.top().at - Clock::now());
    return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
  }

  void accept_all() {
    for (;;) {
      const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK);
      if (descriptor < 0) return;
      const int on = 1;
      ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      places_[descriptor] = {std::make_unique<Connection>(descriptor, paths_), ++generation_};
      watch(descriptor, EPOLLIN | EPOLLOUT | EPOLLET);
    }
  }

  int listener_;
  int epoll_;
  bench::Paths paths_;
  std::unordered_map<int, Place> places_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  std::uint64_t generation_ = 0;
};

int listen_on(std::uint16_t port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  const int on = 1;
  ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(descriptor, generic, size) != 0 || ::listen(descriptor, 4096) != 0) {
    fmt::print(stderr, "bench_stub: cannot listen on port {}\n", port);
    std::exit(1);
  }
  ::getsockname(descriptor, generic, &size);
  fmt::print("ready port={}\n", ntohs(address.sin_port));
  std::fflush(stdout);
  return descriptor;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("A vendor for benchmarks");
  std::uint16_t port = 0;
  app.add_option("--port", port, "port on 127.0.0.1; 0: any");
  CLI11_PARSE(app, argc, argv);
  Loop(listen_on(port)).run();
}
