#include "base/kept_memory.hpp"

#include <array>
#include <new>

namespace base {

#ifdef MCPGW_MEMORY_IS_WATCHED

void* allocate_kept(std::size_t size) { return ::operator new(size); }
void free_kept(void* memory, std::size_t) noexcept { ::operator delete(memory); }

#else

namespace {

constexpr std::size_t kStep = 16;        // of the sizes, which are what malloc gives without loss: 24, 40, 56 …
constexpr std::size_t kSmall = 4 << 10;  // beyond it all get the largest size
constexpr std::size_t kClasses = kSmall / kStep + 1;
constexpr std::size_t kMostBytes = 1 << 20;  // kept of one size, on each thread

struct Free {
  Free* next;
};

struct Kept {
  Free* first = nullptr;
  std::size_t count = 0;
};

// Without a destructor, so that reaching it costs nothing; Emptying empties it at the thread's end.
struct Cache {
  std::array<Kept, kClasses> classes;
  bool closed = false;  // what is freed after its thread's end is not kept
};
constinit thread_local Cache cache{};

constexpr std::size_t size_of(std::size_t index) {
  return index == kClasses - 1 ? kLargestKept : (index + 1) * kStep + 8;
}

std::size_t class_of(std::size_t size) {
  if (size > kSmall) return kClasses - 1;
  return size <= size_of(0) ? 0 : (size - 9) / kStep;
}

void* take(Kept& kept) {
  auto* const memory = kept.first;
  kept.first = memory->next;
  --kept.count;
  return memory;
}

struct Emptying {
  ~Emptying() {
    cache.closed = true;
    for (auto& kept : cache.classes) {
      while (kept.first != nullptr) ::operator delete(take(kept));
    }
  }
};

void* allocate_new(std::size_t index) {
  thread_local const Emptying at_end;
  (void)&at_end;
  return ::operator new(size_of(index));
}

}  // namespace

void* allocate_kept(std::size_t size) {
  if (size > kLargestKept) return ::operator new(size);
  const auto index = class_of(size);
  auto& kept = cache.classes[index];
  return kept.first != nullptr ? take(kept) : allocate_new(index);
}

void free_kept(void* memory, std::size_t size) noexcept {
  const auto index = class_of(size);
  if (size > kLargestKept || cache.closed || cache.classes[index].count * size_of(index) >= kMostBytes)
    return ::operator delete(memory);
  auto& kept = cache.classes[index];
  kept.first = new (memory) Free{kept.first};
  ++kept.count;
}

#endif

}  // namespace base
