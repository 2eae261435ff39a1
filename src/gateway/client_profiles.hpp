// What clients of the legacy era said of themselves in initialize. Sessions of the same client say the same, and share
// it. Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/mutex.hpp"

namespace gateway {

struct ClientProfile {
  std::string initialize_params;  // as the client sent them (JSON object); "{}" when they are not known
  std::string capabilities;       // raw ClientCapabilities
  std::string info;               // raw Implementation; "" when unknown
};

class ClientProfiles {
 public:
  [[nodiscard]] std::shared_ptr<const ClientProfile> of(const std::string& initialize_params);
  // Those that are known, some of them perhaps nobody's any more.
  [[nodiscard]] std::size_t size() const;

 private:
  static constexpr std::size_t kFew = 64;

  mutable base::Mutex mutex_;
  std::map<std::string, std::weak_ptr<const ClientProfile>, std::less<>> known_ MCPGW_GUARDED_BY(mutex_);
  std::size_t most_ MCPGW_GUARDED_BY(mutex_) = kFew;  // then those that nobody has any more are forgotten
};

}  // namespace gateway
