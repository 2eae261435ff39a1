// Tells open sessions that their tools changed, so that nobody restarts a client to see a new tool: a credential was
// saved, removed or found rejected, a vendor went down or came back, a vendor's own list changed.
// Thread-safe; works on the threads that emit.
#pragma once

#include "gateway/catalogue.hpp"
#include "gateway/sessions.hpp"
#include "vault/credentials.hpp"
#include "vendor/health.hpp"

namespace gateway {

class Announcer {
 public:
  // REQUIRES: references outlive this.
  Announcer(Sessions& sessions, Catalogue& catalogue, vault::Credentials& credentials, vendor::HealthBoard& health);

 private:
  // `owner` "" means everybody.
  void announce(const std::string& vendor, const std::string& owner);

  Sessions& sessions_;
  base::Signal<vault::Change>::Subscription on_credential_;
  base::Signal<vendor::HealthChange>::Subscription on_health_;
  base::Signal<ListChange>::Subscription on_list_;
};

}  // namespace gateway
