// Joins the pages' "connected applications" with the authorization server's grants.
#pragma once

#include "base/snapshot.hpp"
#include "oauth/grants.hpp"
#include "vendor/definition.hpp"
#include "web/ports.hpp"

namespace app {

class GrantDesk final : public web::GrantDesk {
 public:
  // REQUIRES: references outlive this.
  GrantDesk(oauth::Grants& grants, std::string public_url, const base::Snapshot<vendor::Definitions>& definitions)
      : grants_(grants), public_url_(std::move(public_url)), definitions_(definitions) {}

  base::Async<std::vector<web::ConnectedApplication>> list(std::string user_id) override;
  base::Async<void> revoke(std::string user_id, std::string grant_id) override;

 private:
  [[nodiscard]] std::string name_of(const oauth::Audience& audience) const;

  oauth::Grants& grants_;
  const std::string public_url_;
  const base::Snapshot<vendor::Definitions>& definitions_;
};

}  // namespace app
