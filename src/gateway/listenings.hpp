// subscriptions/listen (2026-07-28 basic/patterns/subscriptions): serves each as an SSE answer to its POST, for as long
// as the client keeps it open. Changes of lists come from the announcer, on a vendor's own endpoint also straight from
// the vendor; resources are followed by a ResourceWatch per vendor, which ends with the stream.
// Thread-safe; a stream belongs to the I/O thread of its exchange.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.hpp"
#include "base/mutex.hpp"
#include "gateway/announcer.hpp"
#include "gateway/catalogue.hpp"
#include "gateway/connections.hpp"
#include "gateway/listening.hpp"
#include "gateway/metrics.hpp"
#include "gateway/resource_watch.hpp"
#include "http/exchange.hpp"
#include "identity/principal.hpp"
#include "mcp/envelope.hpp"

namespace gateway {

class Listenings {
 public:
  // REQUIRES: references outlive this.
  Listenings(Connections& connections, Catalogue& catalogue, Announcer& announcer,
             base::PerThread<base::TaskGroup>& tasks, base::Random& random, Metrics& metrics, Config config);

  // Answers the request, and returns when its stream has ended: the client closed it, the server drains (then the
  // request's result ends it), or the grant was revoked (then it falls silent and ends at the next ping). Beyond
  // Config::listens_per_principal or subscribed_resources it is refused with -32602.
  // `endpoint`: vendor slug, "" for the unified one. REQUIRES: `envelope` lives until it returns.
  base::Task<void> serve(http::Exchange& exchange, identity::Principal principal, std::string endpoint,
                         const mcp::Envelope& envelope);

  void end_of_grant(std::string_view grant_id);
  // Wakes every stream, for it to look whether the server drains.
  void wake();
  [[nodiscard]] std::size_t size() const;

 private:
  using Watches = std::map<std::string, std::shared_ptr<ResourceWatch>, std::less<>>;  // by vendor
  struct Open {
    std::shared_ptr<Listening> listening;
    Watches watches;
  };
  class Place;

  [[nodiscard]] bool enter(const std::shared_ptr<Listening>& listening);
  void leave(const Listening* listening);
  base::Task<void> send(http::Exchange& exchange, const Listening& listening);
  base::Task<mcp::SubscriptionFilter> agree(std::shared_ptr<Listening> listening, mcp::SubscriptionFilter asked);
  base::Task<void> agree_on_lists(const Listening::Origin& origin, mcp::SubscriptionFilter& agreed,
                                  base::SteadyTime deadline);
  [[nodiscard]] Watches follow(const std::shared_ptr<Listening>& listening, const std::vector<std::string>& uris);
  [[nodiscard]] std::vector<Open> open_for(const ListChange& change) const;
  void on_announced(const ListChange& change);
  void on_vendor_said(const ListChange& change);

  Connections& connections_;
  Catalogue& catalogue_;
  base::PerThread<base::TaskGroup>& tasks_;
  base::Random& random_;
  Metrics& metrics_;
  const Config config_;
  mutable base::Mutex mutex_;
  std::map<const Listening*, Open> open_ MCPGW_GUARDED_BY(mutex_);
  base::Signal<ListChange>::Subscription on_announced_;
  base::Signal<ListChange>::Subscription on_vendor_said_;
};

}  // namespace gateway
