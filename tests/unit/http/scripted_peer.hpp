// A server that answers connections with prepared bytes, whatever is asked.
#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace http::test {

// What to send after one request came; each piece is a write of its own.
using Script = std::vector<std::string>;

class ScriptedPeer {
 public:
  enum class Then {
    close,     // after the last script of a connection
    reset,     // close with a reset
    keep_open  // until the test ends
  };
  // One connection is answered with the scripts in order, one per request; each further connection from the start.
  explicit ScriptedPeer(std::vector<Script> scripts, Then then = Then::keep_open);
  ~ScriptedPeer();
  ScriptedPeer(const ScriptedPeer&) = delete;
  ScriptedPeer& operator=(const ScriptedPeer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::size_t connections() const { return connections_; }
  [[nodiscard]] std::size_t requests() const { return requests_; }

 private:
  void accept_all();
  void serve(int descriptor);
  bool read_request(int descriptor, std::string& buffer);

  std::vector<Script> scripts_;
  Then then_;
  int listener_;
  int stop_[2];
  std::uint16_t port_ = 0;
  std::atomic<std::size_t> connections_{0};
  std::atomic<std::size_t> requests_{0};
  std::thread acceptor_;
  std::vector<std::thread> threads_;
};

}  // namespace http::test
