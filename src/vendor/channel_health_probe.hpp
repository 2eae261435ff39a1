// The health probe of the running gateway: a channel of the gateway's own per vendor, kept and pinged (modern era:
// discovered). A kept one spares a vendor a handshake, and a stdio vendor a process, per check.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "vendor/channel.hpp"
#include "vendor/health_probe.hpp"

namespace vendor {

// Thread: that of the monitor, one check per vendor at a time.
class ChannelHealthProbe final : public HealthProbe {
 public:
  // REQUIRES: channels outlives this.
  explicit ChannelHealthProbe(Channels& channels);
  ~ChannelHealthProbe() override;

  base::Async<void> check(std::shared_ptr<const Definition> definition, base::SteadyTime deadline) override;
  void forget(const std::shared_ptr<const Definition>& definition) override;

 private:
  struct Kept {
    std::shared_ptr<const Definition> definition;
    std::shared_ptr<Channel> channel;
  };

  base::Async<void> open(std::shared_ptr<const Definition> definition, base::SteadyTime deadline);
  base::Async<void> ping(std::shared_ptr<Channel> channel, base::SteadyTime deadline);
  // The session kept for exactly this definition, when it still lives.
  [[nodiscard]] std::shared_ptr<Channel> kept(const std::shared_ptr<const Definition>& definition);
  void drop(const std::string& slug);

  Channels& channels_;
  const std::shared_ptr<const Injection> nobody_;
  std::map<std::string, Kept> kept_;
};

}  // namespace vendor
