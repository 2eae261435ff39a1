#include "gateway/client_profile.hpp"

#include "json/document.hpp"

namespace gateway {

ClientProfile read_client_profile(const std::string& initialize_params) {
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

}  // namespace gateway
