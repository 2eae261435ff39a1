// Calls that wait for their person to save a vendor's credential. A wait holds nothing of the vendor's. It is woken
// when that person's credential for that vendor changes, when the client answers, and by whatever ends it. Calls of one
// session that wait for the same credential share one question: a person is asked once, however many calls there are.
// Thread-safe.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/mutex.hpp"
#include "base/notifier.hpp"
#include "gateway/question.hpp"
#include "vault/credentials.hpp"

namespace gateway {

class CredentialWaits {
  struct Group;

 public:
  struct Waiter {
    std::string subject;
    std::string grant_id;
    std::string session;  // id; "" for a call without one
    std::string vendor;   // slug
  };

  // One call's wait, over when it is destroyed.
  class Wait {
   public:
    Wait(CredentialWaits& owner, Waiter waiter, std::shared_ptr<Group> group);
    ~Wait();
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;

    // First the ticket, then look at everything else, then wait.
    [[nodiscard]] base::Notifier::Ticket prepare() const;
    // The call is not wanted any more: its client cancelled it or has gone.
    void end();
    [[nodiscard]] bool ended() const { return ended_; }

    // The question to be put to the client by this call; nullptr while another call's is open or once one was answered.
    [[nodiscard]] std::shared_ptr<Question> lead();
    // What the client answered, to whichever call: its JSON-RPC response.
    [[nodiscard]] std::optional<std::string> answer() const;

   private:
    friend class CredentialWaits;
    CredentialWaits& owner_;
    const Waiter waiter_;
    const std::shared_ptr<Group> group_;
    std::atomic<bool> ended_{false};
  };

  // REQUIRES: credentials outlives this, this outlives every Wait.
  CredentialWaits(vault::Credentials& credentials, std::size_t per_principal);

  // Nothing when that principal has too many already, or after close().
  [[nodiscard]] std::shared_ptr<Wait> begin(Waiter waiter);

  void end_of_grant(const std::string& grant_id);
  void end_of_session(const std::string& session);
  // Ends all, and lets none begin: for drain.
  void close();

 private:
  void end_those(const std::function<bool(const Waiter&)>& chosen);
  void wake(const vault::Change& change);

  const std::size_t per_principal_;
  mutable base::Mutex mutex_;
  bool closed_ MCPGW_GUARDED_BY(mutex_) = false;
  std::multimap<std::string, Wait*> waits_ MCPGW_GUARDED_BY(mutex_);             // by subject
  std::map<std::string, std::weak_ptr<Group>> groups_ MCPGW_GUARDED_BY(mutex_);  // by session and vendor
  base::Signal<vault::Change>::Subscription on_credential_;
};

}  // namespace gateway
