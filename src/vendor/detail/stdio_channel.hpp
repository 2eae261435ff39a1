// A channel to a vendor process, which it may share with other channels.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "vendor/channel.hpp"
#include "vendor/detail/handshake.hpp"
#include "vendor/detail/pulse.hpp"
#include "vendor/detail/stdio_process.hpp"

namespace vendor::detail {

// Thread-safe.
class StdioChannel final : public Channel {
 public:
  // Takes over one use of the process, which enter() counted.
  StdioChannel(std::shared_ptr<StdioProcess> process, Initialized initialized, Pulse& pulse);
  ~StdioChannel() override;

  [[nodiscard]] mcp::Era era() const override { return mcp::Era::legacy; }
  [[nodiscard]] const std::string& opening_result() const override { return initialized_.result; }
  [[nodiscard]] const std::string& protocol_version() const override { return initialized_.protocol_version; }
  [[nodiscard]] bool stateful() const override { return true; }
  [[nodiscard]] bool closed() const override { return closed_ || process_->ended(); }
  [[nodiscard]] std::uint64_t next_id() override { return process_->next_id(); }
  base::Async<std::unique_ptr<Call>> request(Outgoing outgoing, base::SteadyTime deadline) override;
  base::Async<void> notify(Outgoing outgoing, base::SteadyTime deadline) override;
  base::Async<void> cancel(std::uint64_t id, std::string reason, base::SteadyTime deadline) override;
  void listen(std::weak_ptr<Listener> listener, Subscriptions subscriptions) override;
  void close() override;

 private:
  base::Result<Attempt> begin();

  const std::shared_ptr<StdioProcess> process_;
  const Initialized initialized_;
  Pulse& pulse_;
  std::atomic<bool> closed_ = false;
};

}  // namespace vendor::detail
