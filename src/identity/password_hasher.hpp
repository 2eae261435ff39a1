// Password hashing with argon2id (RFC 9106) by libsodium, on a few threads of its own: one hash takes 64 MiB and about
// 0.1 s, so that it may neither run on an I/O thread nor many times at once.
//
// Thread-safe. The awaiting coroutine resumes on its own I/O thread. A hash under way or queued is not cancelled.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/async.hpp"
#include "base/secret_string.hpp"

namespace identity {

namespace detail {
class Workers;
}

struct PasswordHasherConfig {
  std::size_t memory_bytes = 64 << 20;  // of one hash; at least 8 KiB (tests)
  unsigned passes = 3;                  // at least 1
  std::size_t threads = 2;              // hashes under way at once
  std::size_t queue_limit = 32;         // waiting hashes; beyond: too_many
};

class PasswordHasher {
 public:
  // Throws std::runtime_error when libsodium refuses the parameters.
  explicit PasswordHasher(PasswordHasherConfig config);
  // Finishes what is queued. REQUIRES: nobody calls any more.
  ~PasswordHasher();
  PasswordHasher(const PasswordHasher&) = delete;
  PasswordHasher& operator=(const PasswordHasher&) = delete;

  // The encoded hash with its parameters and salt: "$argon2id$v=19$m=65536,t=3,p=1$…".
  // Errors: too_many (queue full), unavailable (no memory).
  base::Async<std::string> hash(base::SecretString password);
  // Whether the password is the hashed one. Errors: too_many, unavailable.
  base::Async<bool> verify(base::SecretString password, std::string encoded);

  // A hash of nothing anybody knows, with the present parameters: checking against it takes as long as against a real
  // one.
  [[nodiscard]] const std::string& decoy() const [[clang::lifetimebound]] { return decoy_; }
  // True when `encoded` was made with less memory or fewer passes than now configured.
  [[nodiscard]] bool is_outdated(std::string_view encoded) const;

 private:
  [[nodiscard]] std::string hash_blocking(const base::SecretString& password) const;

  PasswordHasherConfig config_;
  std::string decoy_;
  std::unique_ptr<detail::Workers> workers_;
};

}  // namespace identity
