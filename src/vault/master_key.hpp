// The master key in its versions: 32 random bytes each, under which every stored secret is sealed (vault/sealer.hpp).
//
// As text, in a file or in the environment: "1:<key> 2:<key>", separated by line ends, spaces or commas, versions
// ascending; each key is base64url or base64 of 32 bytes (`openssl rand -base64 32`). One bare key is version 1. Lines
// that begin with '#' are comments. The last version seals; the earlier ones only open.
//
// Thread: a value; the file functions block, for start-up and the command line.
// Errors: invalid, code "vault.key" (malformed text, a file that others can read), with what to do; never key bytes.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/random.hpp"
#include "base/secret_string.hpp"

namespace vault {

class MasterKeys {
 public:
  static constexpr std::size_t kKeySize = 32;
  static constexpr std::size_t kMaxVersions = 256;
  static constexpr std::size_t kMaxText = 64 * 1024;  // bytes of a file or variable

  // At least one version.
  [[nodiscard]] static base::Result<MasterKeys> parse(std::string_view text);
  // Version 1, fresh.
  [[nodiscard]] static MasterKeys generate(base::Random& random);

  // With one more version, fresh, which seals from then on.
  // Errors: conflict when there are kMaxVersions.
  [[nodiscard]] base::Result<MasterKeys> with_new_version(base::Random& random) const;
  // One line per version, as parse() reads it.
  [[nodiscard]] base::SecretString text() const;

  [[nodiscard]] std::uint32_t current_version() const { return keys_.rbegin()->first; }
  [[nodiscard]] std::uint32_t oldest_version() const { return keys_.begin()->first; }
  [[nodiscard]] const std::map<std::uint32_t, base::SecretString>& versions() const [[clang::lifetimebound]] {
    return keys_;
  }
  // nullptr for a version that is not here.
  [[nodiscard]] const base::SecretString* find(std::uint32_t version) const [[clang::lifetimebound]];

 private:
  MasterKeys() = default;
  std::map<std::uint32_t, base::SecretString> keys_;
};

// Errors also: not_found when there is no file.
[[nodiscard]] base::Result<MasterKeys> load_master_keys(const std::string& path);
// Reads the file, or makes it (mode 0600) when there is none; two processes that start at once get the same key.
// Errors also: unavailable (the file cannot be written).
[[nodiscard]] base::Result<MasterKeys> load_or_create_master_keys(const std::string& path, base::Random& random);
// Adds a version to the file, atomically and durably: after a crash the old file is there or the new one.
// Errors also: not_found, unavailable.
[[nodiscard]] base::Result<MasterKeys> add_master_key_version(const std::string& path, base::Random& random);

}  // namespace vault
