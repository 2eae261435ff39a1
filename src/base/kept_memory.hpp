// Memory that a thread keeps for its next use: coroutine frames and read buffers, of which every request needs the same
// few dozens again.
#pragma once

#include <cstddef>

namespace base {

// Like operator new and operator delete, which also serve what is too large to be kept. What was made on one thread may
// be freed on another. Sanitized builds keep nothing, so that memory used after its end is found.
[[nodiscard]] void* allocate_kept(std::size_t size);
void free_kept(void* memory, std::size_t size) noexcept;
// The largest size that is kept.
inline constexpr std::size_t kLargestKept = 16 << 10;

}  // namespace base
