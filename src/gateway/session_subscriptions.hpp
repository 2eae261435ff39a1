// resources/subscribe and resources/unsubscribe of sessions (2025-11-25 server/resources, "Subscriptions"). It is kept
// with the session what its client follows, so that it can be subscribed to again.
//
//   a legacy vendor   they are relayed in the session's own channel; what the vendor accepted is kept. A process is
//                     shared with other sessions, so that none of them unsubscribes: updates that nobody here follows
//                     are dropped
//   a modern vendor   the gateway answers, and listens for what is kept
//
// Thread-safe; coroutines resume on the caller's I/O thread.
#pragma once

#include <memory>
#include <string_view>

#include "gateway/relay.hpp"
#include "gateway/session_channels.hpp"
#include "gateway/sessions.hpp"

namespace gateway {

class SessionSubscriptions {
 public:
  // REQUIRES: references outlive this.
  SessionSubscriptions(Sessions& sessions, SessionChannels& channels, Relay& relay,
                       base::PerThread<base::TaskGroup>& tasks, Config config);

  // Whether that is a method of theirs.
  [[nodiscard]] static bool owns(std::string_view method);

  // Answers the request, which came in a session. `way`: the session's own channel. Beyond Config::subscribed_resources
  // it is refused with -32602. Errors: those of Relay::run.
  base::Async<void> run(Way way, RelayedRequest request, const vendor::Definition& definition,
                        std::shared_ptr<Reply> reply, base::SteadyTime deadline);

 private:
  class NotingReply;
  // What the session follows from now on.
  base::Task<void> note(std::shared_ptr<Session> session, std::string method, std::string vendor, std::string uri);

  Sessions& sessions_;
  SessionChannels& channels_;
  Relay& relay_;
  base::PerThread<base::TaskGroup>& tasks_;
  const Config config_;
};

}  // namespace gateway
