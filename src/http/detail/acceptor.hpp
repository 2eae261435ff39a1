// Accepts on the listening socket and hands each connection to the least-loaded I/O thread.
// Thread: the first worker's, but for the constructor.
#pragma once

#include <memory>
#include <vector>

#include "http/detail/worker.hpp"

namespace http {

// A listening, non-blocking socket. Throws std::runtime_error, naming address and reason.
[[nodiscard]] int open_listener(const std::string& address, std::uint16_t port);
// Takes a socket that was handed over. Throws std::runtime_error when it does not listen.
[[nodiscard]] int adopt_listener(int descriptor);
[[nodiscard]] std::uint16_t local_port(int descriptor);

class Acceptor {
 public:
  // Takes the descriptor over.
  Acceptor(int descriptor, std::vector<std::shared_ptr<Worker>> workers);

  // Until stop(). Outlives trouble: when descriptors or memory run out it waits a moment and goes on.
  base::Task<void> run();
  void stop();

 private:
  [[nodiscard]] int accept_all();
  void hand_over(int descriptor, const boost::asio::ip::tcp::endpoint& peer);

  boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, base::Executor> socket_;
  base::Timer pause_;
  std::vector<std::shared_ptr<Worker>> workers_;
  base::SteadyTime last_warning_{};
  bool stopped_ = false;
};

}  // namespace http
