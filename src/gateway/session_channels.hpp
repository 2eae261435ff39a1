// The vendors' sessions behind the clients' sessions: each opened when it is first needed, and anew when its vendor
// forgot it or its credential was replaced. What a vendor says by itself goes to the stream of the session's client.
//
// While a client listens, what was lost is opened again with back-off, its resources are subscribed to again, and the
// client is told that they, and on a vendor's own endpoint the lists, may have changed.
// Thread-safe; coroutines resume on the caller's I/O thread.
#pragma once

#include <memory>
#include <string>

#include "base/async.hpp"
#include "base/notifier.hpp"
#include "base/random.hpp"
#include "base/single_flight.hpp"
#include "gateway/announcer.hpp"
#include "gateway/connections.hpp"
#include "gateway/session.hpp"
#include "gateway/sessions.hpp"

namespace gateway {

class SessionChannels {
 public:
  // REQUIRES: references outlive this.
  SessionChannels(Connections& connections, Sessions& sessions, Announcer& announcer,
                  base::PerThread<base::TaskGroup>& tasks, base::Random& random);

  // The session's channel to that vendor, opened when there is none. REQUIRES and errors: as Connections::open.
  base::Soon<std::shared_ptr<vendor::Channel>> get(const std::shared_ptr<Session>& session,
                                                   const Connection& connection, base::SteadyTime deadline);

  // A client reads the session's own stream now: the vendors' own messages are fetched, and the vendors whose resources
  // it follows are subscribed to. REQUIRES: an I/O thread.
  void listen(const std::shared_ptr<Session>& session);
  // The resources that the session follows at that vendor changed: returns when the vendor is heard for them, soon.
  base::Task<void> listen_anew(std::shared_ptr<Session> session, std::string vendor);

 private:
  class Ear;
  // Whether what is lost was in use until now, so that others have lost theirs, too.
  enum class Haste { at_once, after_a_pause };

  base::Async<std::shared_ptr<vendor::Channel>> open(std::shared_ptr<Session> session, Connection connection,
                                                     base::SteadyTime deadline);
  base::Task<void> subscribe_again(std::shared_ptr<Session> session, std::string vendor,
                                   std::shared_ptr<vendor::Channel> channel, base::SteadyTime deadline);
  void start_restoring(const std::shared_ptr<Session>& session, const std::string& vendor, Haste haste);
  base::Task<void> restore(std::shared_ptr<Session> session, std::string vendor, Haste haste);
  base::Async<void> try_to_restore(std::shared_ptr<Session> session, std::string vendor);
  void on_announced(const ListChange& change);

  Connections& connections_;
  Sessions& sessions_;
  base::PerThread<base::TaskGroup>& tasks_;
  base::Random& random_;
  base::SingleFlight<std::shared_ptr<vendor::Channel>> opening_;
  base::Notifier hurried_;  // a vendor that is being restored may be there again
  base::Signal<ListChange>::Subscription on_announced_;
};

}  // namespace gateway
