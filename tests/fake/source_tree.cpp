#include "fake/source_tree.hpp"

namespace fake {

std::string source_tree() { return MCPGW_SOURCE_DIR; }

}  // namespace fake
