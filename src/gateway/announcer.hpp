// Tells open sessions that their tools, prompts or resources changed, so that nobody restarts a client to see a new
// one: a credential was saved, removed or found rejected, a vendor went down or came back, a vendor's own list changed,
// a person chose to see other tools. Thread-safe; works on the threads that emit.
#pragma once

#include "gateway/catalogue.hpp"
#include "gateway/sessions.hpp"
#include "identity/preferences.hpp"
#include "vault/credentials.hpp"
#include "vendor/health.hpp"

namespace gateway {

class Announcer {
 public:
  // REQUIRES: references outlive this.
  Announcer(Sessions& sessions, const Connections& connections, Catalogue& catalogue, vault::Credentials& credentials,
            vendor::HealthBoard& health, identity::Preferences& preferences);

  // What is told to sessions, for whoever else listens on a client's behalf. `owner` "" means everybody.
  base::Signal<ListChange>& announcements() { return announcements_; }

 private:
  void announce(const ListChange& change);
  // Of whatever that vendor offers.
  void announce_all(const std::string& vendor, const std::string& owner);

  Sessions& sessions_;
  const Connections& connections_;
  base::Signal<ListChange> announcements_;
  base::Signal<vault::Change>::Subscription on_credential_;
  base::Signal<vendor::HealthChange>::Subscription on_health_;
  base::Signal<ListChange>::Subscription on_list_;
  base::Signal<std::string>::Subscription on_choice_;
};

}  // namespace gateway
