// Memory that a thread keeps for its next use: coroutine frames and read buffers, of which every request needs the same
// few dozens again.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define MCPGW_MEMORY_IS_WATCHED 1
#endif
#endif

namespace base {

// Sanitized builds keep nothing, so that memory used after its end is found.
#ifdef MCPGW_MEMORY_IS_WATCHED
inline constexpr bool kMemoryIsWatched = true;
#else
inline constexpr bool kMemoryIsWatched = false;
#endif

// Like operator new and operator delete, which also serve what is too large to be kept. What was made on one thread may
// be freed on another.
[[nodiscard]] void* allocate_kept(std::size_t size);
void free_kept(void* memory, std::size_t size) noexcept;
// The largest size that is kept.
inline constexpr std::size_t kLargestKept = 16 << 10;

// For the objects that every request makes anew: derived classes lie in kept memory.
struct InKeptMemory {
  static void* operator new(std::size_t size) { return allocate_kept(size); }
  static void operator delete(void* memory, std::size_t size) noexcept { free_kept(memory, size); }
};

template <class T>
struct KeptAllocator {
  using value_type = T;
  KeptAllocator() = default;
  template <class U>
  explicit(false) KeptAllocator(const KeptAllocator<U>&) {}
  T* allocate(std::size_t count) { return static_cast<T*>(allocate_kept(count * sizeof(T))); }
  void deallocate(T* memory, std::size_t count) noexcept { free_kept(memory, count * sizeof(T)); }
  bool operator==(const KeptAllocator&) const = default;
};

using KeptString = std::basic_string<char, std::char_traits<char>, KeptAllocator<char>>;

// The same for those that are shared.
template <class T, class... Arguments>
[[nodiscard]] std::shared_ptr<T> make_shared_kept(Arguments&&... arguments) {
  return std::allocate_shared<T>(KeptAllocator<T>(), std::forward<Arguments>(arguments)...);
}

}  // namespace base
