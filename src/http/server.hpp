// The HTTP/1.1 server: one listening socket, connections handed to the least-loaded I/O thread.
//
// Strict by refusing what parsers disagree about (RFC 9112 section 11.2, request smuggling): a Transfer-Encoding other
// than exactly "chunked", any repeated Content-Length, both together, Transfer-Encoding in HTTP/1.0, no or two Host
// fields, obsolete line folding. A refused request is answered and its connection closed.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/io_threads.hpp"
#include "http/exchange.hpp"

namespace http {

struct ServerLimits {
  std::size_t head_bytes = 32 << 10;                       // request line and fields; beyond: 431
  std::size_t header_count = 100;                          // beyond: 431
  std::size_t body_bytes = 4 << 20;                        // beyond: 413
  std::size_t connections = 16'000;                        // beyond: the newest gets 503 and is closed
  std::chrono::milliseconds head_timeout{15'000};          // from first byte to the end of the head: 408
  std::chrono::milliseconds body_timeout{30'000};          // for the whole body: 408
  std::chrono::milliseconds idle_timeout{75'000};          // between requests: closed
  std::chrono::milliseconds draining_idle_timeout{5'000};  // the same while the server drains
  std::chrono::milliseconds write_timeout{30'000};         // for one write to make progress: cut
};

struct TlsFiles {
  std::string certificate;  // PEM chain
  std::string key;          // PEM
};

struct ServerConfig {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;      // 0: the system chooses
  int inherited_descriptor = -1;  // a listening socket handed over (LISTEN_FDS); address and port are then ignored
  ServerLimits limits;
  std::optional<TlsFiles> tls;
};

class Server {
 public:
  // REQUIRES: threads and handler outlive this. Throws std::runtime_error when it cannot bind or read the key.
  Server(base::IoThreads& threads, Handler& handler, ServerConfig config);
  // Cuts what is left and waits until every handler has ended. REQUIRES: not called on an I/O thread.
  ~Server();

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] int descriptor() const;  // the listening socket, for handing over
  [[nodiscard]] std::size_t connections() const;
  // Accepts from now on.
  void start();
  // Stops accepting and ends every connection after its current or next answer (Connection: close), or when none comes
  // within draining_idle_timeout; pending Exchange::peer_closed() return false. Thread-safe.
  void drain();
  [[nodiscard]] bool draining() const;
  // Cuts what is left. Thread-safe.
  void close();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace http
