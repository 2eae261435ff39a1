#include "scripted_peer.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace http::test {
namespace {

// False: the test ends.
bool wait_readable(int descriptor, int stop) {
  std::array<pollfd, 2> waits{pollfd{descriptor, POLLIN, 0}, pollfd{stop, POLLIN, 0}};
  return ::poll(waits.data(), waits.size(), -1) > 0 && waits[1].revents == 0;
}

std::size_t content_length(const std::string& head) {
  const auto at = head.find("Content-Length: ");
  return at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
}

}  // namespace

ScriptedPeer::ScriptedPeer(std::vector<Script> scripts, Then then)
    : scripts_(std::move(scripts)), then_(then), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
  ::listen(listener_, 64);
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  if (::pipe(stop_) != 0) std::abort();
  acceptor_ = std::thread([this] { accept_all(); });
}

ScriptedPeer::~ScriptedPeer() {
  ::close(stop_[1]);
  acceptor_.join();
  for (auto& thread : threads_) thread.join();
  ::close(stop_[0]);
  ::close(listener_);
}

void ScriptedPeer::accept_all() {
  while (wait_readable(listener_, stop_[0])) {
    const int descriptor = ::accept(listener_, nullptr, nullptr);
    if (descriptor < 0) continue;
    ++connections_;
    threads_.emplace_back([this, descriptor] { serve(descriptor); });
  }
}

bool ScriptedPeer::read_request(int descriptor, std::string& buffer) {
  for (;;) {
    const auto end = buffer.find("\r\n\r\n");
    const auto size = end == std::string::npos ? 0 : end + 4 + content_length(buffer.substr(0, end));
    if (size > 0 && buffer.size() >= size) {
      buffer.erase(0, size);
      ++requests_;
      return true;
    }
    if (!wait_readable(descriptor, stop_[0])) return false;
    std::array<char, 4096> bytes;
    const auto got = ::recv(descriptor, bytes.data(), bytes.size(), 0);
    if (got <= 0) return false;
    buffer.append(bytes.data(), static_cast<std::size_t>(got));
  }
}

void ScriptedPeer::serve(int descriptor) {
  std::string buffer;
  bool asked = true;
  for (const auto& script : scripts_) {
    asked = read_request(descriptor, buffer);
    if (!asked) break;
    for (const auto& piece : script) ::send(descriptor, piece.data(), piece.size(), MSG_NOSIGNAL);
  }
  if (asked && then_ == Then::keep_open) {
    std::array<char, 1> byte;
    while (wait_readable(descriptor, stop_[0]) && ::recv(descriptor, byte.data(), 1, 0) > 0) {
    }
  }
  if (then_ == Then::reset) {
    const linger now{1, 0};
    ::setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  }
  ::close(descriptor);
}

}  // namespace http::test
