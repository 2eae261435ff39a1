// One subscriptions/listen of a client while it is served: what the gateway agreed to tell it, and what waits to be
// sent to it (2026-07-28 basic/patterns/subscriptions). Nothing is sent before the acknowledgement. Thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/mutex.hpp"
#include "gateway/event_stream.hpp"
#include "mcp/list_page.hpp"
#include "mcp/subscriptions.hpp"

namespace gateway {

class Listening {
 public:
  struct Origin {
    std::string id;  // of the request: a raw token
    std::string person;
    std::string grant_id;
    std::string endpoint;  // vendor slug; "" for the unified endpoint
  };

  Listening(Origin origin, EventStream::Limits limits)
      : origin_(std::move(origin)), limits_(limits), stream_(std::make_shared<EventStream>(limits)) {}

  [[nodiscard]] const Origin& origin() const { return origin_; }
  [[nodiscard]] const std::shared_ptr<EventStream>& stream() const { return stream_; }

  // What was told before goes behind it.
  void acknowledge(mcp::SubscriptionFilter agreed);
  // That list changed; resources stands for their templates too.
  void tell_list(mcp::ListKind kind);
  // notifications/resources/updated as that vendor sent it.
  void tell_updated(std::string_view vendor, std::string message);

 private:
  const Origin origin_;
  const EventStream::Limits limits_;
  const std::shared_ptr<EventStream> stream_;
  base::Mutex mutex_;
  bool acknowledged_ MCPGW_GUARDED_BY(mutex_) = false;
  mcp::SubscriptionFilter agreed_ MCPGW_GUARDED_BY(mutex_);
  std::vector<std::string> early_ MCPGW_GUARDED_BY(mutex_);  // at most Limits::events
};

}  // namespace gateway
