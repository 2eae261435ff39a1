// Who hears what a vendor says where all its messages come on one stream (stdio, HTTP+SSE): the call a message belongs
// to, a subscription, or the listeners.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "vendor/channel.hpp"
#include "vendor/detail/mailbox.hpp"

namespace vendor::detail {

// Thread: the stream's own.
class Routes {
 public:
  using Listeners = std::vector<std::shared_ptr<Listener>>;
  // A subscription's answer is a stream: it is no call that could be meant by a message without an address.
  enum class Purpose { call, subscription };

  void add(std::uint64_t id, std::shared_ptr<Mailbox> mailbox, Purpose purpose = Purpose::call);
  // Whether it was there.
  bool remove(std::uint64_t id);
  // Ends that one's wait with an error of kind cancelled. Whether it was there.
  bool cancel(std::uint64_t id);
  // No call runs.
  [[nodiscard]] bool idle() const { return calls_.empty(); }
  void fail_all(const base::Error& error);

  // The legacy era. Responses go to their call (an unknown id is dropped: its caller gave up), notifications/progress
  // to the call whose id is the token, other notifications to all listeners. A request goes to one place only, so that
  // it is answered once: the only call that runs, else the first listener. Returns the reply to a request nobody hears.
  [[nodiscard]] std::optional<std::string> route(Received message, const Listeners& listeners);

  // The modern era (2026-07-28 basic/transports/stdio, "Receiving Messages"). Responses and progress as above; what
  // bears the id of a subscription goes to it, and notifications/cancelled ends it; another notification can only
  // belong to a request, so that the only call that runs gets it. Requests do not exist.
  void route_modern(Received message);

 private:
  using Mailboxes = std::map<std::uint64_t, std::shared_ptr<Mailbox>>;

  [[nodiscard]] std::optional<std::string> route_request(Received message, const Listeners& listeners);
  void route_response(Received message);
  [[nodiscard]] bool route_progress(Received& message);

  Mailboxes calls_;
  Mailboxes subscriptions_;
};

}  // namespace vendor::detail
