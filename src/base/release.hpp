// Gives memory back at once.
#pragma once

#include <utility>

namespace base {

// Empties a string, or what holds some. Assigning an empty one does not do it: std::string keeps its memory then.
template <typename T>
void release(T& value) {
  const T released = std::exchange(value, T());
}

}  // namespace base
