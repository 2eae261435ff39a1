#include "fixture.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <thread>

namespace http::test {

RawClient::RawClient(std::uint16_t port) : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const timeval patience{8, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect");
  }
}

RawClient::~RawClient() { close(); }

void RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

bool RawClient::read_more() {
  char bytes[4096];
  const auto size = ::recv(descriptor_, bytes, sizeof bytes, 0);
  if (size <= 0) return false;
  buffer_.append(bytes, static_cast<std::size_t>(size));
  return true;
}

std::string RawClient::read_until(std::string_view end) {
  while (!buffer_.contains(end) && read_more()) {
  }
  const auto at = buffer_.find(end);
  const auto size = at == std::string::npos ? buffer_.size() : at + end.size();
  auto text = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return text;
}

std::string RawClient::read_answer() {
  auto text = read_until("\r\n\r\n");
  constexpr std::string_view kLength = "Content-Length: ";
  if (const auto at = text.find(kLength); at != std::string::npos) {
    const auto length = std::stoul(text.substr(at + kLength.size()));
    while (buffer_.size() < length && read_more()) {
    }
    text += buffer_.substr(0, length);
    buffer_.erase(0, length);
  } else if (text.contains("Transfer-Encoding: chunked")) {
    text += read_until("0\r\n\r\n");
  }
  return text;
}

std::string RawClient::read_to_end() {
  while (read_more()) {
  }
  return std::exchange(buffer_, {});
}

bool RawClient::is_closed() {
  char byte = 0;
  return buffer_.empty() && ::recv(descriptor_, &byte, 1, 0) <= 0 && errno != EAGAIN;
}

void RawClient::half_close() { ::shutdown(descriptor_, SHUT_WR); }

void RawClient::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

std::string RawClient::exchange(std::uint16_t port, std::string_view bytes) {
  RawClient client(port);
  client.send(bytes);
  return client.read_to_end();
}

Response ScriptedHandler::failure(const RequestHead&, const base::Error& error) const {
  return Response::json(error.kind == base::Kind::bug ? 503 : 400, "{\"error\":\"" + error.code + "\"}");
}

base::Task<void> echo(Exchange& exchange) {
  const auto& request = exchange.request();
  auto response = Response::text(200, std::string(name(request.method)) + " " + request.target + " " + request.body);
  (void)co_await exchange.respond(std::move(response));
}

ServerUnderTest::ServerUnderTest(ScriptedHandler::Act act, ServerConfig config, std::size_t count)
    : threads(count), handler(act) {
  config.port = 0;
  server.emplace(threads, handler, std::move(config));
  threads.start();
  server->start();
}

ServerUnderTest::~ServerUnderTest() { server.reset(); }

bool eventually(const std::function<bool()>& holds) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(8);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

}  // namespace http::test
