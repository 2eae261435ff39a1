// Follows resources of one vendor on a person's behalf, in an upstream session of its own (over stdio in the process
// that the person's other calls go to, so that what they change is seen): a vendor of the modern era gets a
// subscriptions/listen (2026-07-28 basic/patterns/subscriptions), one of the legacy era a session with
// resources/subscribe for each (2025-11-25 server/resources, "Subscriptions"). It goes on until it is stopped, whatever
// becomes of the vendor, its session or the credential: then it subscribes anew with back-off, and tells an update of
// every resource, since one may have been missed.
// Thread-safe; run() and agreed() belong to one I/O thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/mutex.hpp"
#include "base/notifier.hpp"
#include "base/random.hpp"
#include "gateway/back_off.hpp"
#include "gateway/connections.hpp"

namespace gateway {

class ResourceWatch : public std::enable_shared_from_this<ResourceWatch> {
 public:
  struct Subject {
    std::string person;
    std::string vendor;             // slug
    std::vector<std::string> uris;  // the vendor's own
  };
  // Gets each notifications/resources/updated with the vendor's own URI, on any thread.
  using Tell = std::function<void(std::string message)>;

  // REQUIRES: references outlive this.
  ResourceWatch(Connections& connections, base::PerThread<base::TaskGroup>& tasks, base::Random& random,
                Subject subject, Tell tell);
  ~ResourceWatch();
  ResourceWatch(const ResourceWatch&) = delete;
  ResourceWatch& operator=(const ResourceWatch&) = delete;

  // Ends after stop(), or when the vendor says that it has no subscriptions. To be spawned once.
  static base::Task<void> run(std::shared_ptr<ResourceWatch> self);
  // The resources that are followed; where the vendor does not answer until `deadline` or is down, those that will be.
  // None without a credential.
  base::Task<std::vector<std::string>> agreed(base::SteadyTime deadline);

  // The vendor or the credential changed: worth a look at once.
  void look();
  // Ends the upstream session.
  void stop();

 private:
  class Ear;
  enum class Outcome { followed, failed, pointless };

  base::Task<Outcome> follow();
  base::Async<void> subscribe(std::shared_ptr<vendor::Channel> channel, base::SteadyTime deadline);
  base::Task<void> until_lost();
  base::Task<bool> is_superseded();
  void settle(std::vector<std::string> uris);
  [[nodiscard]] bool keep(std::shared_ptr<vendor::Channel> channel, std::shared_ptr<vendor::Listener> ear);
  void drop();
  [[nodiscard]] bool is_stopped() const;
  [[nodiscard]] bool is_lost() const;

  Connections& connections_;
  base::PerThread<base::TaskGroup>& tasks_;
  base::Random& random_;
  const Subject subject_;
  const Tell tell_;
  base::Notifier changed_;  // the channel is gone, or it is worth a look
  base::Notifier settled_;  // agreed_ is there
  // run() alone uses these.
  std::vector<std::string> uris_;  // once settled, those that the vendor did not refuse
  std::string connection_;         // Connection::key() of the channel
  mutable base::Mutex mutex_;
  bool stopped_ MCPGW_GUARDED_BY(mutex_) = false;
  std::optional<std::vector<std::string>> agreed_ MCPGW_GUARDED_BY(mutex_);
  std::shared_ptr<vendor::Channel> channel_ MCPGW_GUARDED_BY(mutex_);
  std::shared_ptr<vendor::Listener> ear_ MCPGW_GUARDED_BY(mutex_);
};

}  // namespace gateway
