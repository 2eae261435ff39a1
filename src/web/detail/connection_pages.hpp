// The connections: a card per vendor, and per vendor its form, test and deletion.
// Thread: any I/O thread. Errors come out as errors; web::Pages makes pages of them.
#pragma once

#include <memory>
#include <string>

#include "base/async.hpp"
#include "base/clock.hpp"
#include "base/snapshot.hpp"
#include "vault/credentials.hpp"
#include "vendor/definition.hpp"
#include "vendor/health.hpp"
#include "vendor/prober.hpp"
#include "web/detail/credential_form.hpp"
#include "web/detail/visit.hpp"

namespace web {

class ConnectionPages {
 public:
  // REQUIRES: all references outlive this object.
  ConnectionPages(vault::Credentials& credentials, const base::Snapshot<vendor::Definitions>& definitions,
                  const vendor::HealthBoard& health, vendor::Prober& prober, const base::Clock& clock,
                  std::string public_url);

  base::Async<http::Response> overview(const Visit& visit);
  base::Async<http::Response> show(const Visit& visit);
  // Saves, asks the vendor, notes its answer, and goes to show().
  base::Async<http::Response> save(const Visit& visit);
  base::Async<http::Response> test(const Visit& visit);
  base::Async<http::Response> confirm_delete(const Visit& visit);
  base::Async<http::Response> remove(const Visit& visit);

 private:
  using DefinitionPtr = std::shared_ptr<const vendor::Definition>;

  // Errors: not_found (unknown or switched off).
  [[nodiscard]] base::Result<DefinitionPtr> definition(std::string_view slug) const;
  base::Async<std::optional<vault::ConnectionInfo>> saved(std::string owner, std::string vendor);
  // Empty when nothing is saved, or when it cannot be opened: then it can still be replaced.
  base::Task<vault::Fields> saved_fields(std::string owner, std::string vendor);
  base::Async<void> probe(DefinitionPtr definition, std::string owner, std::int64_t version, vault::Fields fields);
  base::Async<http::Response> form_page(int status, DefinitionPtr definition, const Visit& visit, CredentialEntry entry,
                                        vault::Fields saved_values);

  vault::Credentials& credentials_;
  const base::Snapshot<vendor::Definitions>& definitions_;
  const vendor::HealthBoard& health_;
  vendor::Prober& prober_;
  const base::Clock& clock_;
  std::string public_url_;
};

}  // namespace web
