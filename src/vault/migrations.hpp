// The tables of this room.
#pragma once

#include <vector>

#include "store/database.hpp"

namespace vault {

[[nodiscard]] std::vector<store::Migration> migrations();

}  // namespace vault
