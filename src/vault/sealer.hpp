// Sealing under the master key: AES-256-GCM, a data key per scope by HKDF-SHA-256 (RFC 5869), the record's identity as
// associated data. docs/formats/sealed-record.md describes the bytes. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/random.hpp"
#include "base/secret_string.hpp"
#include "base/snapshot.hpp"
#include "vault/master_key.hpp"

namespace vault {

struct SealerConfig {
  std::size_t data_keys = 4'096;  // derived keys kept in memory; beyond, all are dropped and derived again
  // Reads the master keys anew when a record names a newer version than the known ones: another process rotates.
  // Called on whatever thread opens; may block for a file. Empty: never.
  std::function<base::Result<MasterKeys>()> reload;
};

class Sealer {
 public:
  static constexpr std::size_t kOverhead = 1 + 4 + 12 + 16;      // bytes that sealing adds
  static constexpr std::size_t kMaxPlaintext = 4 * 1024 * 1024;  // bytes; beyond, seal() throws std::length_error

  // REQUIRES: random outlives this.
  Sealer(MasterKeys keys, base::Random& random, SealerConfig config = {});
  ~Sealer();
  Sealer(const Sealer&) = delete;
  Sealer& operator=(const Sealer&) = delete;

  // `scope` chooses the data key ("user/<id>"); `identity` names the record and must be the same when opening.
  [[nodiscard]] std::string seal(std::string_view scope, std::string_view identity, std::string_view plaintext) const;
  // Errors: unavailable, code "vault.sealed": unknown key version, altered bytes, or another scope or identity.
  [[nodiscard]] base::Result<base::SecretString> open(std::string_view scope, std::string_view identity,
                                                      std::string_view sealed) const;
  // The master key version that sealed this; for finding what a rotation still has to do.
  [[nodiscard]] base::Result<std::uint32_t> key_version(std::string_view sealed) const;
  [[nodiscard]] std::uint32_t current_version() const;
  [[nodiscard]] std::vector<std::uint32_t> versions() const;

  // Takes newer keys into use, at once and for all threads.
  void replace(MasterKeys keys);

  // A 32-byte key for another purpose ("browser-session"), from the oldest master key, so that it stays the same when
  // a newer one is added.
  [[nodiscard]] base::SecretString derive(std::string_view purpose) const;
  // Names a version's key without telling it (hex); for noticing a wrong key file. REQUIRES: the version is here.
  [[nodiscard]] std::string fingerprint(std::uint32_t version) const;

 private:
  class DataKeys;
  [[nodiscard]] std::shared_ptr<const MasterKeys> keys_for(std::uint32_t version) const;

  mutable base::Snapshot<MasterKeys> keys_;
  base::Random& random_;
  SealerConfig config_;
  std::unique_ptr<DataKeys> data_keys_;
};

}  // namespace vault
