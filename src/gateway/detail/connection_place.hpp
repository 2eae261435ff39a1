// What is kept of one connection, while somebody uses it. Guarded by the mutex of its Connections.
#pragma once

#include "gateway/connections.hpp"

namespace gateway {

struct ConnectionPlace {
  explicit ConnectionPlace(std::string k) : key(std::move(k)) {}

  const std::string key;
  std::shared_ptr<const vendor::Definition> definition;  // the others were made by it
  std::shared_ptr<const vault::Credential> credential;
  std::shared_ptr<const vendor::Injection> injection;  // so that a credential is laid out once per version
  std::shared_ptr<const VendorFacts> facts;
  std::shared_ptr<vendor::Channel> channel;
  std::shared_ptr<vendor::Listener> listener;
  base::SteadyTime used;
  bool kept = true;  // false: forgotten, and another one may stand in its place
};

}  // namespace gateway
