#include "http/detail/stream.hpp"

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

base::Task<Code> at_once() { co_return Code(); }

// Reads and forgets once. False: the peer has closed.
bool drop(int descriptor) {
  std::array<char, 64 << 10> dropped;
  const auto size = ::recv(descriptor, dropped.data(), dropped.size(), MSG_DONTWAIT);
  return size > 0 || (size < 0 && Stream::would_block(last_error()));
}

}  // namespace

bool Stream::would_block(const Code& error) {
  return error == asio::error::would_block || error == asio::error::try_again;
}

Stream::Stream(Socket socket, Deadlines& deadlines)
    : socket_(std::move(socket)), reading_(deadlines, *this), writing_(deadlines, *this) {}

void Stream::Side::on_deadline() {
  if (!waiting) return;
  expired = true;
  Code ignored;
  stream_.socket_.cancel(ignored);
}

// cancel() ends the waits of both directions: the one that was not meant waits again.
base::Task<Code> Stream::wait(asio::socket_base::wait_type type, Side& side, base::SteadyTime until) {
  side.expired = false;
  side.interrupted = false;
  side.waiting = true;
  side.set(until);
  Code error;
  do {
    co_await socket_.async_wait(type, base::error_into(error));
    if (error != asio::error::operation_aborted) break;
    if (side.expired) error = asio::error::timed_out;
    if (side.interrupted) error = boost::system::errc::make_error_code(boost::system::errc::operation_canceled);
    if (error != asio::error::operation_aborted || !socket_.is_open()) break;
  } while ((co_await asio::this_coro::cancellation_state).cancelled() == asio::cancellation_type::none);
  side.waiting = false;
  side.clear();
  co_return error;
}

base::Task<Code> Stream::connect(asio::ip::tcp::endpoint to, base::SteadyTime until) {
  Code error;
  socket_.open(to.protocol(), error);
  if (!error) socket_.native_non_blocking(true, error);
  if (!error) socket_.set_option(asio::ip::tcp::no_delay(true), error);
  if (error) co_return error;

  if (::connect(socket_.native_handle(), to.data(), static_cast<socklen_t>(to.size())) == 0) co_return Code();
  if (errno != EINPROGRESS) co_return last_error();
  error = co_await wait(asio::socket_base::wait_write, writing_, until);
  if (error) co_return error;

  int result = 0;
  socklen_t size = sizeof result;
  ::getsockopt(socket_.native_handle(), SOL_SOCKET, SO_ERROR, &result, &size);
  co_return Code(result, boost::system::system_category());
}

base::Task<Code> Stream::handshake(base::SteadyTime until) {
  for (;;) {
    ERR_clear_error();
    const int result = SSL_do_handshake(tls_.get());
    if (result == 1) co_return Code();
    const auto error = co_await wait_for_tls(result, reading_, until);
    if (error) co_return error;
  }
}

base::Task<Code> Stream::wait_for_tls(int result, Side& side, base::SteadyTime until) {
  switch (SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      co_return co_await wait(asio::socket_base::wait_read, side, until);
    case SSL_ERROR_WANT_WRITE:
      co_return co_await wait(asio::socket_base::wait_write, side, until);
    default:
      co_return tls_code(result);
  }
}

Code Stream::tls_code(int result) {
  const int saved = errno;
  switch (SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
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
      tls_error_ = tls_failure(*tls_);
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
  const auto size = ::recv(socket_.native_handle(), into.data(), into.size(), 0);
  if (size > 0) return {{}, static_cast<std::size_t>(size)};
  return {size == 0 ? Code(asio::error::eof) : last_error(), 0};
}

base::Task<Stream::Got> Stream::read_some(std::span<char> into, base::SteadyTime until) {
  for (;;) {
    const auto got = try_read(into);
    if (!would_block(got.error)) co_return got;
    const auto error = co_await wait(asio::socket_base::wait_read, reading_, until);
    if (error) co_return Got{error, 0};
  }
}

base::Task<Code> Stream::wait_readable(base::SteadyTime until) {
  if (tls_ && SSL_has_pending(tls_.get()) == 1) return at_once();
  return wait(asio::socket_base::wait_read, reading_, until);
}

void Stream::interrupt() {
  if (!reading_.waiting) return;
  reading_.interrupted = true;
  Code ignored;
  socket_.cancel(ignored);
}

Code Stream::try_write(Gather& what, std::size_t& sent, int& tls_result) {
  if (!tls_) {
    std::array<iovec, kPiecesPerWrite> pieces;
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = what.fill(pieces);
    const auto size = ::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL);
    sent = size > 0 ? static_cast<std::size_t>(size) : 0;
    return size < 0 ? last_error() : Code();
  }
  // One buffer gives one record. After would_block the same bytes are given again, as OpenSSL demands.
  std::array<char, kTlsRecord> record;
  const auto size = what.copy(record);
  ERR_clear_error();
  errno = 0;
  tls_result = SSL_write(tls_.get(), record.data(), static_cast<int>(size));
  sent = tls_result > 0 ? static_cast<std::size_t>(tls_result) : 0;
  return tls_result > 0 ? Code() : tls_code(tls_result);
}

base::Task<Code> Stream::write(Gather what, std::chrono::milliseconds progress, base::SteadyTime until) {
  while (!what.empty()) {
    std::size_t sent = 0;
    int tls_result = 0;
    auto error = try_write(what, sent, tls_result);
    if (would_block(error)) {
      // WANT_READ cannot come here: renegotiation is off, and the handshake is done.
      const auto due = std::min(std::chrono::steady_clock::now() + progress, until);
      error = co_await wait(asio::socket_base::wait_write, writing_, due);
    }
    if (error) co_return error;
    what.consume(sent);
  }
  co_return Code();
}

void Stream::shutdown_send() {
  if (tls_ && SSL_is_init_finished(tls_.get()) == 1) {
    ERR_clear_error();
    SSL_shutdown(tls_.get());
    ERR_clear_error();
  }
  Code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
}

base::Task<void> Stream::discard(base::SteadyTime until) {
  do {
    if (co_await wait(asio::socket_base::wait_read, reading_, until)) co_return;
  } while (drop(socket_.native_handle()));
}

void Stream::close() {
  Code ignored;
  socket_.close(ignored);
}

bool Stream::peer_hung_up() {
  if (!is_open()) return true;
  pollfd state{.fd = descriptor(), .events = POLLRDHUP, .revents = 0};
  return ::poll(&state, 1, 0) > 0;
}

bool Stream::is_quiet() {
  char byte = 0;
  const auto size = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return size < 0 && would_block(last_error());
}

}  // namespace http
