// Where the tests find what is shipped (catalog/, docs/) and their own data.
#pragma once

#include <string>

namespace fake {

// The root of the source tree, without a slash at its end.
std::string source_tree();

}  // namespace fake
