#include "gateway/client_profiles.hpp"

#include <algorithm>

#include "json/document.hpp"

namespace gateway {
namespace {

ClientProfile read(const std::string& initialize_params) {
  ClientProfile profile{initialize_params, "{}", {}};
  const auto params = json::parse_object(initialize_params);
  if (!params) return profile;
  const auto* capabilities = params->if_contains("capabilities");
  if (capabilities != nullptr && capabilities->is_object())
    profile.capabilities = boost::json::serialize(*capabilities);
  const auto* info = params->if_contains("clientInfo");
  if (info != nullptr && info->is_object()) profile.info = boost::json::serialize(*info);
  return profile;
}

}  // namespace

std::shared_ptr<const ClientProfile> ClientProfiles::of(const std::string& initialize_params) {
  const base::Lock lock(mutex_);
  if (known_.size() >= most_) {
    std::erase_if(known_, [](const auto& entry) { return entry.second.expired(); });
    most_ = std::max(kFew, 2 * known_.size());
  }
  auto& known = known_[initialize_params];
  auto profile = known.lock();
  if (!profile) {
    profile = std::make_shared<const ClientProfile>(read(initialize_params));
    known = profile;
  }
  return profile;
}

std::size_t ClientProfiles::size() const {
  const base::Lock lock(mutex_);
  return known_.size();
}

}  // namespace gateway
