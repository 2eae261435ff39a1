// One request without a socket: keeps what the handler answers.
#pragma once

#include <string>
#include <utility>

#include "http/exchange.hpp"

namespace fake {

class FakeExchange final : public http::Exchange {
 public:
  explicit FakeExchange(http::Request request) : request_(std::move(request)) {
    request_.body.reserve(request_.body.size() + 64);
  }
  // Not answered yet.
  FakeExchange(FakeExchange&& other) noexcept : FakeExchange(std::move(other.request_)) {}

  [[nodiscard]] const http::Request& request() const override { return request_; }
  [[nodiscard]] http::Request& request() override { return request_; }
  base::Async<void> respond(http::Response response) override {
    answer = std::move(response);
    co_return base::Result<void>();
  }
  base::Async<void> respond(const http::Response& head, std::span<const std::string_view> pieces) override {
    answer = head;
    for (const auto piece : pieces) answer.body += piece;
    co_return base::Result<void>();
  }
  base::Async<void> start(http::Response head) override {
    answer = std::move(head);
    started_ = true;
    co_return base::Result<void>();
  }
  base::Async<void> write(std::span<const std::string_view> pieces) override {
    if (gone) co_return base::fail(base::Kind::cancelled, "peer.gone", "gone");
    for (const auto piece : pieces) answer.body += piece;
    co_return base::Result<void>();
  }
  base::Async<void> finish() override {
    finished = true;
    co_return base::Result<void>();
  }
  [[nodiscard]] bool started() const override { return started_; }
  // The peer stays for this many waits, which pass at once.
  base::Task<bool> peer_closed(base::SteadyTime) override { co_return --waits < 0; }
  [[nodiscard]] bool peer_gone() override { return gone; }
  void interrupt() override {}
  [[nodiscard]] bool draining() const override { return drains; }

  http::Response answer;
  bool finished = false;
  bool gone = false;
  bool drains = false;
  int waits = 0;

 private:
  http::Request request_;
  bool started_ = false;
};

}  // namespace fake
