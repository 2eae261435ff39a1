// Upstream sessions with vendors of the legacy era for calls of modern clients that can be asked something, or want log
// messages. Over HTTP such a call has its session for itself while it runs or waits for an answer, so that whatever the
// vendor says meanwhile, also on the session's own stream, can be of no other call; afterwards the session waits for
// the next one, so that no call pays for a handshake. Over stdio a session is a process, whose memory the calls may
// count on: those of one person share it, and a question that comes while several run goes to the one that began last.
//
// Thread-safe; coroutines resume on the caller's I/O thread.
#pragma once

#include <memory>
#include <string>

#include "base/async.hpp"
#include "base/mutex.hpp"
#include "gateway/connections.hpp"
#include "gateway/inbox.hpp"

namespace gateway {

class AskableChannels {
  struct Pool;
  struct Held;

 public:
  // One use of a session. Given back when destroyed.
  class Lease {
   public:
    Lease(std::shared_ptr<Pool> pool, std::string key);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    [[nodiscard]] const std::shared_ptr<vendor::Channel>& channel() const;
    // From now on what the vendor says outside any answer goes to this inbox.
    void set_inbox(const std::shared_ptr<Inbox>& inbox);
    // By logging/setLevel, as sent last in this session.
    [[nodiscard]] std::string log_level() const;
    void set_log_level(std::string level);
    // What goes on in the session is not known any more: it is closed instead of given back, unless
    // others use it.
    void spoil() { spoiled_ = true; }

   private:
    friend class AskableChannels;
    const std::shared_ptr<Pool> pool_;
    const std::string key_;
    std::shared_ptr<Held> held_;
    std::shared_ptr<Inbox> inbox_;
    bool spoiled_ = false;
  };

  // REQUIRES: connections outlives this.
  AskableChannels(Connections& connections, Config config);

  // A session for one call of that person. `capabilities`: raw ClientCapabilities of the caller; only what a vendor can
  // ask for counts. Errors: those of Connections::open; too_many beyond Config::askable_sessions for one connection.
  base::Async<std::shared_ptr<Lease>> take(Connection connection, std::string subject, std::string capabilities,
                                           base::SteadyTime deadline);

  // Closes those that were not used for Config::session_idle.
  void collect(base::SteadyTime now);
  void close();

 private:
  Connections& connections_;
  const Config config_;
  const std::shared_ptr<Pool> pool_;
};

// Whether a vendor can ask a client with these capabilities anything at all.
[[nodiscard]] bool can_be_asked(std::string_view capabilities);

}  // namespace gateway
