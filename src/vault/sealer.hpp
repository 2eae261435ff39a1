// Sealing under the master key: AES-256-GCM, a data key per scope by HKDF-SHA-256 (RFC 5869), the record's identity as
// associated data. docs/security.md describes the byte format. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/random.hpp"
#include "base/secret_string.hpp"
#include "vault/master_key.hpp"

namespace vault {

class Sealer {
 public:
  // REQUIRES: random outlives this.
  Sealer(MasterKeys keys, base::Random& random);

  // `scope` chooses the data key ("user/<id>"); `identity` names the record and must be the same when opening.
  [[nodiscard]] std::string seal(std::string_view scope, std::string_view identity, std::string_view plaintext) const;
  // Errors: unavailable, code "vault.sealed": unknown key version, altered bytes, or another scope or identity.
  [[nodiscard]] base::Result<base::SecretString> open(std::string_view scope, std::string_view identity,
                                                      std::string_view sealed) const;
  // The master key version that sealed this; for finding what a rotation still has to do.
  [[nodiscard]] base::Result<std::uint32_t> key_version(std::string_view sealed) const;
  [[nodiscard]] std::uint32_t current_version() const;

  // A 32-byte key for another purpose ("browser-session"), from the oldest master key, so that it stays the same when
  // a newer one is added.
  [[nodiscard]] base::SecretString derive(std::string_view purpose) const;

 private:
  MasterKeys keys_;
  base::Random& random_;
};

}  // namespace vault
