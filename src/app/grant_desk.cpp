#include "app/grant_desk.hpp"

#include <fmt/format.h>

namespace app {

base::Async<std::vector<web::ConnectedApplication>> GrantDesk::list(std::string user_id) {
  auto grants = co_await grants_.list(std::move(user_id));
  if (!grants) co_return std::move(grants).failure();
  std::vector<web::ConnectedApplication> out;
  for (const auto& grant : *grants) {
    out.push_back({grant.id, grant.client_name, name_of(grant.audience), grant.created, grant.last_used});
  }
  co_return out;
}

base::Async<void> GrantDesk::revoke(std::string user_id, std::string grant_id) {
  return grants_.revoke_for(std::move(user_id), std::move(grant_id));
}

std::string GrantDesk::name_of(const oauth::Audience& audience) const {
  std::string names;
  for (const auto& resource : audience) {
    if (resource == public_url_ || resource == public_url_ + "/v1/mcp") return "every vendor";
    for (const auto& [slug, definition] : *definitions_.get()) {
      if (resource != fmt::format("{}/v1/{}/mcp", public_url_, slug)) continue;
      names += (names.empty() ? "" : ", ") + definition->name;
    }
  }
  return names;
}

}  // namespace app
