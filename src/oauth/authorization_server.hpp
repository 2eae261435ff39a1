// The whole authorization server, put together: what the composition root makes one of.
#pragma once

#include <memory>
#include <string>

#include "identity/authorization_desk.hpp"
#include "identity/principal.hpp"
#include "oauth/endpoint.hpp"
#include "oauth/grants.hpp"
#include "oauth/metadata_documents.hpp"
#include "oauth/registration_config.hpp"
#include "oauth/signing_keys.hpp"
#include "oauth/token_verifier.hpp"

namespace oauth {

struct Config {
  std::string public_url;                               // without a trailing slash: the issuer, byte for byte
  std::chrono::seconds access_token_lifetime{15 * 60};  // 10 minutes or more
  std::chrono::seconds access_token_leeway{60};
  std::chrono::seconds code_lifetime{60};
  std::chrono::seconds refresh_grace{60};
  std::chrono::hours refresh_lifetime{24 * 90};  // since its last use
  std::chrono::hours key_rotation{24 * 30};
  std::chrono::hours unused_client_lifetime{24 * 90};
  std::size_t verified_tokens = 65'536;  // entries of the verifier's cache
  RegistrationConfig registration;
  MetadataDocumentsConfig documents;
};

// REQUIRES: everything outlives the server.
struct Surroundings {
  store::Database& database;
  const vault::Sealer& sealer;
  const base::Clock& clock;
  base::Random& random;
  const base::Snapshot<vendor::Definitions>& vendors;
  DocumentSource& documents;
};

// Thread-safe.
class AuthorizationServer {
 public:
  // REQUIRES: migrations() have been applied before start().
  AuthorizationServer(Surroundings surroundings, Config config);
  ~AuthorizationServer();

  // Reads keys and revocations, makes the first key. Blocks: before threads start. Errors: unavailable.
  [[nodiscard]] base::Result<void> start();
  // Every few seconds: what other processes changed; key rotation; at most once an hour, deletion of what is over.
  base::Async<void> maintain();

  [[nodiscard]] Endpoint& endpoint();
  [[nodiscard]] const identity::BearerVerifier& verifier() const;
  [[nodiscard]] identity::AuthorizationDesk& desk();
  [[nodiscard]] Grants& grants();
  [[nodiscard]] SigningKeys& keys();
  // A grant ended: end its sessions.
  [[nodiscard]] base::Signal<GrantRevoked>& revocations();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace oauth
