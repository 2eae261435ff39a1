#include <fmt/format.h>

#include <iostream>

#include "app/foundation.hpp"
#include "cli/commands.hpp"

namespace cli {

namespace {

int failed(const base::Error& error) {
  std::cerr << "mcp-gateway: " << error.message << ' ' << error.detail << '\n';
  return 1;
}

// An earlier rotation that was interrupted is finished first: it has added its version already.
base::Result<void> add_version_if_done(const std::string& path, const app::Config& config) {
  app::Foundation foundation(config, {});
  const auto used = vault::versions_in_use(foundation.database, *foundation.sealer, app::sealed_columns());
  if (!used) return used.failure();
  const bool unfinished = used->size() > 1 || (used->size() == 1 && !used->contains(foundation.keys.current_version()));
  if (unfinished) return {};
  const auto keys = vault::add_master_key_version(path, foundation.random);
  if (!keys) return keys.failure();
  std::cout << fmt::format("{} has version {} now.\n", path, keys->current_version());
  return {};
}

}  // namespace

// With the key in a file a version is added there first; a key from the environment must hold its new version already.
int rotate_key(const Common& common) {
  const auto config = app::load_config(common.config_file, common.environment);
  if (common.master_key.empty()) {
    if (auto added = add_version_if_done(app::master_key_path(config), config); !added) return failed(added.error());
  }
  app::Foundation foundation(config, common.master_key);
  const auto report = vault::rotate(foundation.database, *foundation.sealer, app::sealed_columns());
  if (!report) return failed(report.error());
  for (const auto& column : report->columns) {
    std::cout << fmt::format("{}: {} sealed anew, {} were current, {} do not open\n", column.name, column.resealed,
                             column.current, column.failed);
  }
  std::cout << "Restart running gateways so that they seal with the new version.\n";
  return report->failed() == 0 ? 0 : 1;
}

}  // namespace cli
