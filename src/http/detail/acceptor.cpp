#include "http/detail/acceptor.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "base/log.hpp"

namespace http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr int kBacklog = 4096;
constexpr int kAcceptsPerTurn = 64;
constexpr std::chrono::milliseconds kPauseWhenExhausted{100};
constexpr std::chrono::seconds kBetweenWarnings{10};

std::runtime_error listen_error(const std::string& what, int error) {
  return std::runtime_error(fmt::format("{}: {}", what, ::strerrordesc_np(error)));
}

bool is_exhausted(int error) { return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM; }

int family_of(int descriptor) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
  return address.ss_family;
}

}  // namespace

int open_listener(const std::string& address, std::uint16_t port) {
  const auto where = fmt::format("cannot listen on {} port {}", address, port);
  boost::system::error_code bad;
  const tcp::endpoint endpoint(asio::ip::make_address(address, bad), port);
  if (bad) throw std::runtime_error(where + ": not an IP address");

  const int descriptor = ::socket(endpoint.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) throw listen_error(where, errno);
  const int on = 1;
  const int off = 0;
  ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (endpoint.address().is_v6()) ::setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if (::bind(descriptor, endpoint.data(), static_cast<socklen_t>(endpoint.size())) != 0 ||
      ::listen(descriptor, kBacklog) != 0) {
    const int error = errno;
    ::close(descriptor);
    throw listen_error(where, error);
  }
  return descriptor;
}

int adopt_listener(int descriptor) {
  int listening = 0;
  socklen_t size = sizeof listening;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 || listening == 0) {
    throw std::runtime_error(fmt::format("descriptor {} was handed over, but is no listening socket", descriptor));
  }
  // The flags of the open file are shared with the process that handed it over: they are set, never assumed.
  ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  return descriptor;
}

std::uint16_t local_port(int descriptor) {
  sockaddr_in6 address{};  // the port stands at the same place for both families
  socklen_t size = sizeof address;
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin6_port);
}

Acceptor::Acceptor(int descriptor, std::vector<std::shared_ptr<Worker>> workers)
    : socket_(workers.front()->executor()), pause_(workers.front()->executor()), workers_(std::move(workers)) {
  socket_.assign(family_of(descriptor) == AF_INET6 ? tcp::v6() : tcp::v4(), descriptor);
}

base::Task<void> Acceptor::run() {
  while (!stopped_) {
    boost::system::error_code error;
    co_await socket_.async_wait(asio::socket_base::wait_read, base::error_into(error));
    if (stopped_ || error == asio::error::operation_aborted) co_return;

    const int failure = accept_all();
    if (!is_exhausted(failure)) continue;
    const auto now = std::chrono::steady_clock::now();
    if (now - last_warning_ > kBetweenWarnings) {
      last_warning_ = now;
      base::log::warn("http.accept_paused", {{"error", ::strerrordesc_np(failure)}});
    }
    pause_.expires_after(kPauseWhenExhausted);
    co_await pause_.async_wait(base::error_into(error));
  }
}

// The errno that ended it: EAGAIN when nobody waits any more.
int Acceptor::accept_all() {
  for (int i = 0; i < kAcceptsPerTurn; ++i) {
    tcp::endpoint peer;
    auto size = static_cast<socklen_t>(peer.capacity());
    const int accepted = ::accept4(socket_.native_handle(), peer.data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (accepted >= 0) {
      peer.resize(size);
      hand_over(accepted, peer);
    } else if (errno == EAGAIN || is_exhausted(errno)) {
      return errno;
    }
    // Else this one connection died while it waited (accept(2) lists a dozen ways).
  }
  return 0;
}

void Acceptor::hand_over(int descriptor, const tcp::endpoint& peer) {
  const auto least = std::ranges::min_element(
      workers_, {}, [](const auto& worker) { return worker->load().load(std::memory_order_relaxed); });
  ++(*least)->load();
  ++(*least)->shared().connections;
  asio::post((*least)->executor(), [worker = *least, descriptor, peer] { worker->serve({descriptor, peer}); });
}

void Acceptor::stop() {
  stopped_ = true;
  boost::system::error_code ignored;
  socket_.close(ignored);
  pause_.cancel();
}

}  // namespace http
