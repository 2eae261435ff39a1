// Registered clients in the store: RFC 7591.
// Thread-safe; coroutines resume on the caller's thread.
#pragma once

#include <memory>
#include <string>

#include "base/async.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/secret_string.hpp"
#include "oauth/client.hpp"
#include "store/database.hpp"

namespace oauth {

struct ClientsConfig {
  // A registered client that holds no grant is forgotten when it was not used for this long.
  std::chrono::hours unused_lifetime{24 * 90};
};

struct Registration {
  Client client;
  base::SecretString secret;  // told once; empty for public clients
  base::Micros issued;
};

class Clients {
 public:
  // REQUIRES: all references outlive this object.
  Clients(store::Database& database, const base::Clock& clock, base::Random& random, ClientsConfig config);

  // Errors: unavailable.
  base::Async<Registration> add(ClientMetadata metadata);
  // nullptr when unknown. Errors: unavailable.
  base::Async<std::shared_ptr<const Client>> find(std::string id);
  // Forgets clients that are unused and hold no grant, at most 1000 at once. Returns how many.
  base::Async<std::int64_t> collect();

 private:
  store::Database& database_;
  const base::Clock& clock_;
  base::Random& random_;
  ClientsConfig config_;
};

}  // namespace oauth
