// "Connect your client", vendor health (for people signed in, and in public), sessions and connected applications.
// Thread: any I/O thread. Errors come out as errors; web::Pages makes pages of them.
#pragma once

#include <string>

#include "base/async.hpp"
#include "base/clock.hpp"
#include "base/snapshot.hpp"
#include "identity/browser_sessions.hpp"
#include "identity/preferences.hpp"
#include "vendor/definition.hpp"
#include "vendor/health.hpp"
#include "web/detail/visit.hpp"
#include "web/ports.hpp"

namespace web {

class SettingsPages {
 public:
  // REQUIRES: all references outlive this object.
  SettingsPages(const base::Snapshot<vendor::Definitions>& definitions, const vendor::HealthBoard& health,
                identity::BrowserSessions& sessions, identity::Preferences& preferences, GrantDesk& grants,
                const base::Clock& clock, std::string public_url);

  base::Async<http::Response> connect(const Visit& visit);
  base::Async<http::Response> choose_tools(const Visit& visit);
  base::Async<http::Response> health(const Visit& visit);
  base::Async<http::Response> sessions(const Visit& visit);
  base::Async<http::Response> sign_out_others(const Visit& visit);
  base::Async<http::Response> revoke(const Visit& visit);

 private:
  [[nodiscard]] View health_row(const vendor::Definition& definition, const vendor::Health& health) const;

  const base::Snapshot<vendor::Definitions>& definitions_;
  const vendor::HealthBoard& health_;
  identity::BrowserSessions& sessions_;
  identity::Preferences& preferences_;
  GrantDesk& grants_;
  const base::Clock& clock_;
  std::string public_url_;
};

}  // namespace web
