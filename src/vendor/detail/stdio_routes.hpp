// Who hears what a process says: the call a response or progress belongs to, or the listeners.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "vendor/channel.hpp"
#include "vendor/detail/mailbox.hpp"

namespace vendor::detail {

// Thread: the process's own.
class StdioRoutes {
 public:
  using Listeners = std::vector<std::shared_ptr<Listener>>;

  void add(std::uint64_t id, std::shared_ptr<Mailbox> call) { calls_[id] = std::move(call); }
  void remove(std::uint64_t id) { calls_.erase(id); }
  [[nodiscard]] bool idle() const { return calls_.empty(); }
  void fail_all(const base::Error& error);

  // Responses go to their call (an unknown id is dropped: its caller gave up), notifications/progress to the call
  // whose id is the token, other notifications to all listeners. A request goes to one place only, so that it is
  // answered once: the only call that runs, else the first listener. Returns the reply to a request nobody hears.
  [[nodiscard]] std::optional<std::string> route(Received message, const Listeners& listeners);

 private:
  [[nodiscard]] std::optional<std::string> route_request(Received message, const Listeners& listeners);
  [[nodiscard]] std::shared_ptr<Mailbox> find(std::string_view token) const;

  std::map<std::uint64_t, std::shared_ptr<Mailbox>> calls_;
};

}  // namespace vendor::detail
