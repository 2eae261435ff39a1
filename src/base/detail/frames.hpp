// Memory of coroutine frames: kept per thread and size, because a request needs the same few dozens again and again.
#pragma once

#include <cstddef>

namespace base::detail {

// Like operator new and operator delete, which also serve what is too large to be kept. A frame may be freed on another
// thread than it was made on. Sanitized builds keep nothing, so that a frame used after its end is found.
[[nodiscard]] void* allocate_frame(std::size_t size);
void free_frame(void* frame, std::size_t size) noexcept;

}  // namespace base::detail
