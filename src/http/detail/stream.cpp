#include "http/detail/stream.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <cerrno>

namespace http {
namespace {

namespace asio = boost::asio;
using Code = Stream::Code;

constexpr std::size_t kPiecesPerWrite = 16;
constexpr std::size_t kTlsRecord = 16 << 10;

Code last_error() { return {errno, boost::system::system_category()}; }

}  // namespace

bool Stream::would_block(const Code& error) {
  return error == asio::error::would_block || error == asio::error::try_again;
}

base::Task<Code> Stream::connect(asio::ip::tcp::endpoint to, base::SteadyTime until) {
  const int descriptor = ::socket(to.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
  if (descriptor < 0) co_return last_error();
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const bool connected = ::connect(descriptor, to.data(), static_cast<socklen_t>(to.size())) == 0;
  const auto begun = last_error();
  // Not before connect(): a socket that was never connected counts as hung up.
  if (const auto error = socket_.watch(descriptor)) co_return error;
  if (connected) co_return Code();
  if (begun.value() != EINPROGRESS) co_return begun;
  if (const auto error = co_await socket_.writing.wait(until)) co_return error;

  int result = 0;
  socklen_t size = sizeof result;
  ::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &result, &size);
  co_return Code(result, boost::system::system_category());
}

base::Task<Code> Stream::handshake(base::SteadyTime until) {
  for (;;) {
    ERR_clear_error();
    const int result = SSL_do_handshake(tls_.get());
    if (result == 1) co_return Code();
    const auto error = co_await wait_for_tls(result, until);
    if (error) co_return error;
  }
}

base::Task<Code> Stream::wait_for_tls(int result, base::SteadyTime until) {
  const auto error = tls_code(result);
  if (!would_block(error)) co_return error;
  co_return co_await (SSL_want_write(tls_.get()) ? socket_.writing : socket_.reading).wait(until);
}

// What OpenSSL wants has been tried in vain.
Code Stream::tls_code(int result) {
  const int saved = errno;
  switch (SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      socket_.reading.exhausted();
      return asio::error::would_block;
    case SSL_ERROR_WANT_WRITE:
      socket_.writing.exhausted();
      return asio::error::would_block;
    case SSL_ERROR_ZERO_RETURN:
      return asio::error::eof;
    case SSL_ERROR_SYSCALL:
      ERR_clear_error();
      if (saved == 0) return asio::error::eof;
      return {saved, boost::system::system_category()};
    default:
      // A peer that closes without close_notify: the length of an HTTP message, not TLS, tells whether it was whole.
      if (ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
        ERR_clear_error();
        return asio::error::connection_reset;
      }
      tls_error_ = std::make_unique<const std::string>(tls_failure(*tls_));
      return boost::system::errc::make_error_code(boost::system::errc::protocol_error);
  }
}

Stream::Got Stream::try_read(std::span<char> into) {
  if (tls_) {
    ERR_clear_error();
    errno = 0;
    const int result = SSL_read(tls_.get(), into.data(), static_cast<int>(into.size()));
    if (result > 0) return {{}, static_cast<std::size_t>(result)};
    return {tls_code(result), 0};
  }
  return read_plain(into);
}

Stream::Got Stream::read_plain(std::span<char> into) {
  const auto size = ::recv(descriptor(), into.data(), into.size(), MSG_DONTWAIT);
  const auto error = size < 0 ? last_error() : Code();
  // Fewer bytes than asked for were all there were (epoll(7)).
  if (size < static_cast<ssize_t>(into.size())) socket_.reading.exhausted();
  if (size > 0) return {{}, static_cast<std::size_t>(size)};
  return {size == 0 ? Code(asio::error::eof) : error, 0};
}

base::Task<Stream::Got> Stream::read_some(std::span<char> into, base::SteadyTime until) {
  for (;;) {
    const auto got = try_read(into);
    if (!would_block(got.error)) co_return got;
    if (const auto error = co_await wait_readable(until)) co_return Got{error, 0};
  }
}

Poller::Waiting Stream::wait_readable(base::SteadyTime until) {
  // OpenSSL has bytes that the socket does not show any more.
  if (tls_ && SSL_has_pending(tls_.get()) == 1) socket_.reading.found_ready();
  return socket_.reading.wait(until);
}

void Stream::interrupt() {
  socket_.reading.end(boost::system::errc::make_error_code(boost::system::errc::operation_canceled));
}

Code Stream::write_once(Gather& what, std::size_t& sent) {
  if (!tls_) return write_plain(what, sent);
  // One buffer gives one record. After would_block the same bytes are given again, as OpenSSL demands.
  std::array<char, kTlsRecord> record;
  const auto size = what.copy(record);
  ERR_clear_error();
  errno = 0;
  const int result = SSL_write(tls_.get(), record.data(), static_cast<int>(size));
  sent = result > 0 ? static_cast<std::size_t>(result) : 0;
  return result > 0 ? Code() : tls_code(result);
}

Code Stream::write_plain(Gather& what, std::size_t& sent) {
  std::array<iovec, kPiecesPerWrite> pieces;
  msghdr message{};
  message.msg_iov = pieces.data();
  message.msg_iovlen = what.fill(pieces);
  const auto size = ::sendmsg(descriptor(), &message, MSG_NOSIGNAL);
  sent = size > 0 ? static_cast<std::size_t>(size) : 0;
  if (size >= 0) return {};
  const auto error = last_error();
  if (would_block(error)) socket_.writing.exhausted();
  return error;
}

Code Stream::try_write(Gather& what) {
  while (!what.empty()) {
    std::size_t sent = 0;
    if (const auto error = write_once(what, sent)) return error;
    what.consume(sent);
  }
  return {};
}

base::Task<Code> Stream::write(Gather what, std::chrono::milliseconds progress, base::SteadyTime until) {
  for (;;) {
    const auto error = try_write(what);
    if (!would_block(error)) co_return error;
    // WANT_READ cannot come here: renegotiation is off, and the handshake is done.
    const auto due = std::min(std::chrono::steady_clock::now() + progress, until);
    if (const auto failed = co_await socket_.writing.wait(due)) co_return failed;
  }
}

void Stream::shutdown_send() {
  if (tls_ && SSL_is_init_finished(tls_.get()) == 1) {
    ERR_clear_error();
    SSL_shutdown(tls_.get());
    ERR_clear_error();
  }
  ::shutdown(descriptor(), SHUT_WR);
}

base::Task<void> Stream::discard(base::SteadyTime until) {
  std::array<char, 4 << 10> dropped;
  for (;;) {
    const auto got = read_plain(dropped);
    if (!got.error) continue;
    if (!would_block(got.error) || co_await socket_.reading.wait(until)) co_return;
  }
}

void Stream::close() { socket_.close(); }

bool Stream::peer_hung_up() {
  if (!is_open()) return true;
  pollfd state{.fd = descriptor(), .events = POLLRDHUP, .revents = 0};
  return ::poll(&state, 1, 0) > 0;
}

bool Stream::is_quiet() const {
  if (!socket_.reading.is_ready()) return is_open();
  char byte = 0;
  return ::recv(descriptor(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && would_block(last_error());
}

}  // namespace http
