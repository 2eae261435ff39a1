// The keys that sign access tokens: ES256, published as a JWK Set (RFC 7517), private parts sealed in the store.
//
// Rotation with overlap: a new key is published before it signs, so that caches know it; the old one stays published
// until the last token that it signed has expired. Thread-safe; coroutines resume on the caller's thread.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/snapshot.hpp"
#include "store/database.hpp"
#include "vault/sealer.hpp"

namespace oauth {

namespace detail {
class Jwk;
}

struct SigningKeysConfig {
  std::chrono::hours rotate_after{24 * 30};
  std::chrono::minutes publish_ahead{60};  // longer than verifiers cache the set
  // How long an old key stays published after its successor began to sign: the longest life of a token, and a margin.
  std::chrono::seconds overlap{15 * 60 + 60 + 300};
};

struct SigningKey {
  std::string kid;
  std::shared_ptr<const detail::Jwk> jwk;
  base::Micros created;
  base::Micros signs_from;
};

// Immutable. Keys in order of signs_from.
struct KeySet {
  std::vector<SigningKey> keys;
  std::string jwks;  // the published JSON: public parts only

  // The newest key that may sign; the oldest when none may yet. REQUIRES: keys is not empty.
  [[nodiscard]] const SigningKey& signer(base::Micros now) const [[clang::lifetimebound]];
  [[nodiscard]] const SigningKey* find(std::string_view kid) const [[clang::lifetimebound]];
};

class SigningKeys {
 public:
  // REQUIRES: all references outlive this object.
  SigningKeys(store::Database& database, const vault::Sealer& sealer, const base::Clock& clock, base::Random& random,
              SigningKeysConfig config);

  // Reads the keys, makes the first one. Blocks: start-up only. Errors: unavailable (store, or a key does not open).
  [[nodiscard]] base::Result<void> load();

  // The keys now. REQUIRES: load() has succeeded.
  [[nodiscard]] std::shared_ptr<const KeySet> current() const { return keys_.get(); }

  // Publishes a new key that signs after publish_ahead. Returns its kid. Errors: unavailable.
  base::Async<std::string> rotate();
  // Every minute or so: reads keys that another process made, rotates when the newest is old, deletes the expired.
  base::Async<void> maintain();

 private:
  [[nodiscard]] SigningKey make(base::Micros now, base::Micros signs_from) const;
  [[nodiscard]] base::Result<std::vector<SigningKey>> read(store::Connection& connection) const;
  [[nodiscard]] base::Result<void> write(store::Connection& connection, const SigningKey& key) const;
  [[nodiscard]] base::Result<std::vector<SigningKey>> upkeep(store::Connection& connection, base::Micros now) const;
  store::Database& database_;
  const vault::Sealer& sealer_;
  const base::Clock& clock_;
  base::Random& random_;
  SigningKeysConfig config_;
  base::Snapshot<KeySet> keys_{KeySet{}};
};

}  // namespace oauth
