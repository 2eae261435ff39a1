// One connected socket, plain or TLS, non-blocking. Waiting holds no buffer: bytes are read when they are there.
// Thread: the executor's. One reader and one writer at a time, and both may wait at once.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string_view>

#include "base/async.hpp"
#include "http/detail/deadlines.hpp"
#include "http/detail/gather.hpp"
#include "http/detail/poller.hpp"
#include "http/detail/tls.hpp"

namespace http {

class Stream {
 public:
  using Code = boost::system::error_code;
  struct Got {
    Code error;
    std::size_t size = 0;  // 0 without an error is never given
  };

  // None yet: connect() opens one. REQUIRES: `deadlines` outlives this.
  Stream(Poller& poller, Deadlines& deadlines) : socket_(poller, deadlines) {}
  // A connected socket, non-blocking, which is taken over.
  [[nodiscard]] Code adopt(int descriptor) { return socket_.watch(descriptor); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // Errors of everything below: timed_out when the deadline came; operation_aborted when the stream was closed or the
  // waiting coroutine cancelled; eof; what the system or OpenSSL says.
  base::Task<Code> connect(boost::asio::ip::tcp::endpoint to, base::SteadyTime until);
  // Puts TLS on top, from now on.
  void start_tls(TlsSession session) { tls_ = std::move(session); }
  base::Task<Code> handshake(base::SteadyTime until);

  // Reads what is there, or waits for it.
  base::Task<Got> read_some(std::span<char> into, base::SteadyTime until);
  // The bytes that can be had without waiting. Error try_again: none.
  Got try_read(std::span<char> into);
  // Ends when try_read() is worth trying; error operation_canceled after interrupt().
  [[nodiscard]] Poller::Waiting wait_readable(base::SteadyTime until);
  // Ends a pending wait_readable().
  void interrupt();

  // Sends what is taken without waiting. Error would_block: the rest has to wait, which write() does.
  [[nodiscard]] Code try_write(Gather& what);
  // Ends when try_write() is worth trying again.
  [[nodiscard]] Poller::Waiting wait_writable(base::SteadyTime until) { return socket_.writing.wait(until); }
  // Sends everything. The deadline is `progress` after the last byte taken, and never after `until`.
  // After an error the stream is of no use any more. `what` points to memory that outlives the call.
  base::Task<Code> write(Gather what, std::chrono::milliseconds progress, base::SteadyTime until);

  // Tells the peer that nothing more comes; the other direction stays open, read raw by discard().
  void shutdown_send();
  // Reads and forgets what still comes, until the peer closes or `until`: a peer that still sends would otherwise
  // lose our last answer to the reset that closing causes.
  base::Task<void> discard(base::SteadyTime until);
  void close();
  [[nodiscard]] int descriptor() const { return socket_.descriptor(); }
  [[nodiscard]] bool is_open() const { return socket_.descriptor() >= 0; }

  [[nodiscard]] static bool would_block(const Code& error);

  // The peer has closed its side, whatever of it is still unread.
  [[nodiscard]] bool peer_hung_up();
  // Nothing waits to be read and the peer has not closed: fit to be used again.
  [[nodiscard]] bool is_quiet() const;
  // Why TLS failed, after an error of a TLS stream that no errno explains.
  [[nodiscard]] std::string_view tls_error() const { return tls_error_ ? *tls_error_ : std::string_view(); }

 private:
  base::Task<Code> wait_for_tls(int result, base::SteadyTime until);
  Got read_plain(std::span<char> into);
  Code write_once(Gather& what, std::size_t& sent);
  Code write_plain(Gather& what, std::size_t& sent);
  [[nodiscard]] Code tls_code(int result);

  Poller::Watch socket_;
  TlsSession tls_;
  std::unique_ptr<const std::string> tls_error_;  // few streams have one
};

}  // namespace http
