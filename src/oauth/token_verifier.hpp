// Verifies access tokens on every request: RFC 9068 section 4, RFC 6750, RFC 8707.
//
// A token that was verified once is found again by a hash of its signature, so that a request costs well under a
// microsecond (a signature costs 70). The cache is bounded; an entry goes when its token expires or its grant is
// revoked. Thread-safe, does no I/O.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/interned.hpp"
#include "base/keyed_hash.hpp"
#include "base/mutex.hpp"
#include "identity/principal.hpp"
#include "oauth/access_token.hpp"
#include "oauth/revoked_grants.hpp"
#include "oauth/signing_keys.hpp"

namespace oauth {

struct TokenVerifierConfig {
  std::string issuer;               // also the audience that covers every endpoint
  std::chrono::seconds leeway{60};  // accepted this late: clients race with their own clock
  std::size_t cache_entries = 65'536;
};

class TokenVerifier final : public identity::BearerVerifier {
 public:
  // REQUIRES: all references outlive this object.
  TokenVerifier(const SigningKeys& keys, const RevokedGrants& revoked, const base::Clock& clock,
                TokenVerifierConfig config);

  [[nodiscard]] base::Result<std::shared_ptr<const identity::Principal>> verify(
      std::string_view token, std::string_view resource) const override;
  [[nodiscard]] bool still_good(const identity::Principal& principal) const override;

  // The claims of a genuine token of this issuer that is live now, whatever its audience. For introspection.
  [[nodiscard]] std::optional<AccessTokenClaims> inspect(std::string_view token) const;
  // The same for one that may have expired or been revoked. For revocation.
  [[nodiscard]] std::optional<AccessTokenClaims> genuine(std::string_view token) const;

  [[nodiscard]] std::size_t cached() const;

 private:
  using Name = base::KeyedHash::Value;  // of a token
  struct Entry {
    std::shared_ptr<const identity::Principal> principal;
    std::shared_ptr<const Audience> audience;
    std::size_t text_hash = 0;  // of the whole token
  };
  struct NameHash {
    std::size_t operator()(const Name& name) const;
  };
  struct Shard {
    base::Mutex mutex;
    std::unordered_map<Name, Entry, NameHash> entries MCPGW_GUARDED_BY(mutex);
  };
  static constexpr std::size_t kShards = 64;

  [[nodiscard]] Shard& shard(const Name& name) const { return shards_[name[0] % kShards]; }
  [[nodiscard]] std::optional<Entry> find(const Name& name, std::size_t text_hash) const;
  [[nodiscard]] base::Result<Entry> read(std::string_view token) const;
  void keep(const Name& name, const Entry& entry) const;
  void drop(const Name& name) const;
  [[nodiscard]] base::Result<void> check(const Entry& entry, std::string_view resource) const;

  const base::KeyedHash name_of_;
  const SigningKeys& keys_;
  const RevokedGrants& revoked_;
  const base::Clock& clock_;
  TokenVerifierConfig config_;
  mutable std::array<Shard, kShards> shards_;
  mutable base::Interned<Audience, Audience> audiences_;  // nearly all tokens have the same
};

}  // namespace oauth
