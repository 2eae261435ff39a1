// A server with a scripted handler on port 0, and a client that sends and reads raw bytes.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>

#include "base/io_threads.hpp"
#include "http/server.hpp"

namespace http::test {

// A blocking socket. Every read gives up after some seconds, so that a broken server fails a test, not hangs it.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  void send(std::string_view bytes);
  // Until the text ends with, or the peer closes.
  std::string read_until(std::string_view end);
  // One whole answer: head and body by Content-Length or chunked (raw).
  std::string read_answer();
  std::string read_to_end();
  // The peer has closed or reset, with nothing more to read.
  bool is_closed();
  void half_close();
  void close();
  // Sends and reads everything until the server closes.
  static std::string exchange(std::uint16_t port, std::string_view bytes);

 private:
  bool read_more();
  int descriptor_;
  std::string buffer_;
};

// Runs `act` for each request; failures are JSON with the error's code.
class ScriptedHandler final : public Handler {
 public:
  using Act = base::Task<void> (*)(Exchange&);
  explicit ScriptedHandler(Act act) : act_(act) {}
  base::Task<void> handle(Exchange& exchange) override { return act_(exchange); }
  [[nodiscard]] Response failure(const RequestHead& head, const base::Error& error) const override;

 private:
  Act act_;
};

// Answers with method, target and body.
base::Task<void> echo(Exchange& exchange);

class ServerUnderTest {
 public:
  explicit ServerUnderTest(ScriptedHandler::Act act = echo, ServerConfig config = {}, std::size_t threads = 1);
  ~ServerUnderTest();
  [[nodiscard]] std::uint16_t port() const { return server->port(); }

  base::IoThreads threads;
  ScriptedHandler handler;
  std::optional<Server> server;
};

// Waits, in small steps and not for ever, until `holds`.
[[nodiscard]] bool eventually(const std::function<bool()>& holds);

inline constexpr std::string_view kGet = "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n";

}  // namespace http::test
