// The prober of the running gateway: opens a channel of its own with the credential, asks once, closes it.
#pragma once

#include <memory>
#include <string>

#include "base/random.hpp"
#include "vendor/channel.hpp"
#include "vendor/prober.hpp"

namespace vendor {

// Thread-safe.
class ChannelProber final : public Prober {
 public:
  // REQUIRES: channels and random outlive this.
  ChannelProber(Channels& channels, base::Random& random);

  base::Task<ProbeResult> probe(std::shared_ptr<const Definition> definition,
                                std::shared_ptr<const Injection> injection) override;

 private:
  Channels& channels_;
  base::Random& random_;
};

// What the answer to the probe tool, or to tools/list, says about the credential: rejected when the tool's result is
// an error or an error response speaks of the credential, working otherwise. `response` is a JSON-RPC response.
[[nodiscard]] ProbeResult judge_probe(std::string_view response);

}  // namespace vendor
