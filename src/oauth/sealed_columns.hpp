// What this room seals under the master key, for its rotation (vault/rotation.hpp).
#pragma once

#include <vector>

#include "vault/rotation.hpp"

namespace oauth {

[[nodiscard]] std::vector<vault::SealedColumn> sealed_columns();

}  // namespace oauth
