// The sub-commands. Each parses nothing, prints to standard output, and returns the exit status: 0 done, 1 refused or
// failed (said on standard error), 2 bad usage (by the parser).
#pragma once

#include <optional>
#include <string>

#include "app/config.hpp"
#include "base/secret_string.hpp"

namespace cli {

struct Common {
  std::string config_file;
  app::Environment environment;
  base::SecretString master_key;
};
// The MCPGW_* variables of this process; the master key is taken out of them, and wiped from the environment.
[[nodiscard]] Common common_from_environment();

int serve(const Common& common);
int check_config(const Common& common);
int add_user(const Common& common, const std::string& login, const std::string& name, bool owner);
int list_users(const Common& common);
int reset_user(const Common& common, const std::string& login);
int rotate_key(const Common& common);
// `listen` "host:port" over HTTP, or stdio when `stdio_vendor` names one.
int demo_vendor(const std::string& listen, const std::string& stdio_vendor);

}  // namespace cli
