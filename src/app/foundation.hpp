// What every command needs that touches data: keys and database, opened, migrated, and checked.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/config.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "store/database.hpp"
#include "vault/rotation.hpp"
#include "vault/sealer.hpp"

namespace app {

class Foundation {
 public:
  // Creates the data directory (0700), the master key (0600) and the database when they are missing. `master_key` is
  // the value of MCPGW_MASTER_KEY; "" takes the file. Throws std::runtime_error with path, reason and what to do.
  Foundation(const Config& config, const base::SecretString& master_key);

  base::SystemClock clock;
  base::SystemRandom random;
  vault::MasterKeys keys;
  store::Database database;
  std::shared_ptr<const vault::Sealer> sealer;
  std::vector<std::string> migrated;  // what was applied now
};

// Everything that is sealed, for a rotation of the master key.
[[nodiscard]] std::vector<vault::SealedColumn> sealed_columns();
[[nodiscard]] std::string master_key_path(const Config& config);

}  // namespace app
