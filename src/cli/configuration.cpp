#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <iostream>

#include "cli/commands.hpp"

namespace cli {

Common common_from_environment() {
  constexpr std::string_view kPrefix = "MCPGW_";
  constexpr const char* kMasterKey = "MCPGW_MASTER_KEY";
  Common common;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    const auto name = text.substr(0, equals);
    if (equals == std::string_view::npos || !name.starts_with(kPrefix)) continue;
    const auto value = text.substr(equals + 1);
    if (name == kMasterKey) {
      common.master_key = base::SecretString(value);
    } else {
      common.environment.emplace(name, value);
    }
  }
  // Children (stdio vendors) and crash reports must not find it there.
  unsetenv(kMasterKey);
  return common;
}

int check_config(const Common& common) {
  const auto config = app::load_config(common.config_file, common.environment);
  std::size_t enabled = 0;
  for (const auto& [slug, definition] : config.definitions) {
    if (!definition->enabled) continue;
    ++enabled;
    std::cout << fmt::format("vendor {:<24} {}\n", slug, definition->stdio ? "stdio" : "http");
  }
  std::cout << fmt::format("The configuration is good: {} vendors defined, {} switched on.\n",
                           config.definitions.size(), enabled);
  return 0;
}

}  // namespace cli
