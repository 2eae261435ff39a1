// A reply that only keeps the response: for the messages of a batch.
#pragma once

#include <string>
#include <utility>

#include "gateway/responder.hpp"

namespace gateway {

class CollectingReply final : public Reply {
 public:
  base::Task<void> interim(std::string) override { co_return; }
  void open() override {}
  base::Task<bool> pause(std::chrono::milliseconds) override { co_return false; }
  base::Task<void> finish(std::span<const std::string_view> pieces, int) override {
    for (const auto piece : pieces) response_ += piece;
    co_return;
  }
  void when_gone(std::function<void()>) override {}
  [[nodiscard]] bool streams() const override { return false; }
  [[nodiscard]] std::string take() { return std::move(response_); }

 private:
  std::string response_;
};

}  // namespace gateway
