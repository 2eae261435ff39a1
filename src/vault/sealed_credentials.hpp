// Credentials over the database: sealed there, opened in memory. DESIGN section 9.
// Thread-safe; coroutines resume on the caller's thread.
#pragma once

#include <memory>
#include <string>

#include "base/random.hpp"
#include "store/database.hpp"
#include "vault/credentials.hpp"
#include "vault/rotation.hpp"
#include "vault/sealer.hpp"

namespace vault {

struct SealedCredentialsConfig {
  std::size_t cached = 100'000;            // opened credentials (and known absences) in memory; 0: none
  std::size_t message_limit = 1'000;       // bytes kept of a vendor's own words; the rest is cut
  std::chrono::seconds note_interval{60};  // a working credential that is noted as working is written this often
};

// Errors of save(): invalid (no owner or vendor; more than 64 fields; a name over 64 bytes), too_large (a value over
// 64 KiB), unavailable. Errors of note() and remove(): unavailable; nothing to change is no error.
class SealedCredentials final : public Credentials {
 public:
  // REQUIRES: database, clock and random outlive this; the database has this room's migrations.
  SealedCredentials(store::Database& database, std::shared_ptr<const Sealer> sealer, const base::Clock& clock,
                    base::Random& random, SealedCredentialsConfig config = {});
  ~SealedCredentials() override;

  base::Async<std::shared_ptr<const Credential>> resolve(std::string owner, std::string vendor) override;
  [[nodiscard]] std::optional<std::shared_ptr<const Credential>> cached(std::string_view owner,
                                                                        std::string_view vendor) const override;
  base::Async<std::vector<ConnectionInfo>> list(std::string owner) override;
  base::Async<ConnectionInfo> save(std::string owner, std::string vendor, Fields fields) override;
  // The message is masked with the credential's own values and cut before it is stored.
  base::Async<void> note(std::string owner, std::string vendor, std::int64_t version, State state,
                         std::string message) override;
  base::Async<void> remove(std::string owner, std::string vendor) override;
  base::Signal<Change>& changes() override { return changes_; }

 private:
  class Cache;
  [[nodiscard]] bool is_old_news(const std::string& owner, const std::string& vendor, std::int64_t version, State state,
                                 const std::string& message) const;
  void changed(std::string owner, std::string vendor);

  store::Database& database_;
  std::shared_ptr<const Sealer> sealer_;
  const base::Clock& clock_;
  base::Random& random_;
  SealedCredentialsConfig config_;
  std::unique_ptr<Cache> cache_;
  base::Signal<Change> changes_;
};

// What a rotation of the master key has to know about this room's table.
[[nodiscard]] SealedColumn sealed_credentials_column();

}  // namespace vault
