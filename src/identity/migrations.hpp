// The tables of people, their browser sessions and their one-time links.
#pragma once

#include <vector>

#include "store/database.hpp"

namespace identity {

[[nodiscard]] std::vector<store::Migration> migrations();

}  // namespace identity
