#include "base/detail/frames.hpp"

#include <array>
#include <new>

namespace base::detail {
namespace {

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define MCPGW_FRAMES_ARE_WATCHED 1
#endif
#endif

#ifndef MCPGW_FRAMES_ARE_WATCHED

constexpr std::size_t kStep = 64;       // sizes are rounded up to it
constexpr std::size_t kClasses = 64;    // larger frames are not kept
constexpr std::size_t kMostKept = 256;  // frames of one size

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
  bool closed = false;  // frames that end after their thread's end are not kept
};
constinit thread_local Cache cache{};

void* take(Kept& kept) {
  auto* const frame = kept.first;
  kept.first = frame->next;
  --kept.count;
  return frame;
}

struct Emptying {
  ~Emptying() {
    cache.closed = true;
    for (auto& kept : cache.classes) {
      while (kept.first != nullptr) ::operator delete(take(kept));
    }
  }
};

void* allocate_new(std::size_t size) {
  thread_local const Emptying at_end;
  (void)&at_end;
  return ::operator new(size);
}

#endif

}  // namespace

#ifdef MCPGW_FRAMES_ARE_WATCHED
void* allocate_frame(std::size_t size) { return ::operator new(size); }
void free_frame(void* frame, std::size_t) noexcept { ::operator delete(frame); }
#else
void* allocate_frame(std::size_t size) {
  const auto index = size / kStep;
  if (index >= kClasses) return ::operator new(size);
  auto& kept = cache.classes[index];
  return kept.first != nullptr ? take(kept) : allocate_new((index + 1) * kStep);
}

void free_frame(void* frame, std::size_t size) noexcept {
  const auto index = size / kStep;
  if (index >= kClasses || cache.closed || cache.classes[index].count == kMostKept) return ::operator delete(frame);
  auto& kept = cache.classes[index];
  kept.first = new (frame) Free{kept.first};
  ++kept.count;
}
#endif

}  // namespace base::detail
