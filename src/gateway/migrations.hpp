// The gateway's tables.
#pragma once

#include <vector>

#include "store/database.hpp"

namespace gateway {

[[nodiscard]] std::vector<store::Migration> migrations();

}  // namespace gateway
