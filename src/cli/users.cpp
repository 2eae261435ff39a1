#include <fmt/format.h>

#include <iostream>

#include "app/people.hpp"
#include "cli/commands.hpp"

namespace cli {
namespace {

int refused(const base::Error& error) {
  std::cerr << "mcp-gateway: " << error.message << '\n';
  return 1;
}

int show(const base::Result<app::IssuedLink>& issued) {
  if (!issued) return refused(issued.error());
  std::cout << "one-time link for " << issued->user.login << ": " << issued->url << '\n';
  return 0;
}

}  // namespace

int add_user(const Common& common, const std::string& login, const std::string& name, bool owner) {
  const auto config = app::load_config(common.config_file, common.environment);
  app::Foundation foundation(config, common.master_key);
  return show(app::add_person(
      config, foundation,
      {.login = login, .display_name = name, .role = std::string(owner ? identity::kOwner : identity::kMember)}));
}

int reset_user(const Common& common, const std::string& login) {
  const auto config = app::load_config(common.config_file, common.environment);
  app::Foundation foundation(config, common.master_key);
  return show(app::reset_person(config, foundation, login));
}

int list_users(const Common& common) {
  const auto config = app::load_config(common.config_file, common.environment);
  app::Foundation foundation(config, common.master_key);
  const auto people = app::list_people(foundation);
  if (!people) return refused(people.error());
  for (const auto& user : *people) {
    const auto* const state = user.disabled ? "disabled" : user.has_password ? "active" : "waits for a password";
    std::cout << fmt::format("{:<32} {:<8} {:<22} {}\n", user.login, user.role, state, user.display_name);
  }
  return 0;
}

}  // namespace cli
