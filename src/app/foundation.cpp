#include "app/foundation.hpp"

#include <sodium.h>

#include <filesystem>
#include <stdexcept>

#include "gateway/migrations.hpp"
#include "identity/migrations.hpp"
#include "oauth/migrations.hpp"
#include "oauth/sealed_columns.hpp"
#include "vault/migrations.hpp"
#include "vault/sealed_credentials.hpp"

namespace app {
namespace {

namespace fs = std::filesystem;

void make_data_dir(const Config& config) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium does not start");
  std::error_code error;
  if (!fs::exists(config.data_dir)) {
    fs::create_directories(config.data_dir, error);
    if (!error) fs::permissions(config.data_dir, fs::perms::owner_all, error);
  }
  if (error) throw std::runtime_error("data_dir " + config.data_dir + " cannot be made: " + error.message());
}

vault::MasterKeys load_keys(const Config& config, const base::SecretString& master_key, base::Random& random) {
  make_data_dir(config);
  auto keys = !master_key.empty() ? vault::MasterKeys::parse(master_key.reveal())
                                  : vault::load_or_create_master_keys(master_key_path(config), random);
  if (!keys) throw std::runtime_error("master key: " + keys.error().message);
  return *std::move(keys);
}

// A gateway that runs while the key file gets a new version learns it from the file.
vault::SealerConfig sealer_config(const Config& config, const base::SecretString& master_key) {
  if (!master_key.empty()) return {};
  return {.reload = [path = master_key_path(config)] { return vault::load_master_keys(path); }};
}

std::vector<store::Migration> all_migrations() {
  std::vector<store::Migration> all;
  for (const auto& room : {identity::migrations(), vault::migrations(), oauth::migrations(), gateway::migrations()}) {
    all.insert(all.end(), room.begin(), room.end());
  }
  return all;
}

}  // namespace

std::string master_key_path(const Config& config) {
  return config.master_key_file.empty() ? (fs::path(config.data_dir) / "master.key").string() : config.master_key_file;
}

Foundation::Foundation(const Config& config, const base::SecretString& master_key)
    : keys(load_keys(config, master_key, random)),
      database({.path = (fs::path(config.data_dir) / "gateway.db").string()}),
      sealer(std::make_shared<const vault::Sealer>(keys, random, sealer_config(config, master_key))) {
  auto applied = database.migrate(all_migrations());
  if (!applied) throw std::runtime_error("database: " + applied.error().message + " " + applied.error().detail);
  migrated = *std::move(applied);
  if (auto right = vault::check_keys(database, *sealer, sealed_columns()); !right) {
    throw std::runtime_error("master key: " + right.error().message);
  }
}

std::vector<vault::SealedColumn> sealed_columns() {
  auto all = oauth::sealed_columns();
  all.push_back(vault::sealed_credentials_column());
  return all;
}

}  // namespace app
