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

class Cache {
 public:
  Cache() = default;
  Cache(const Cache&) = delete;
  Cache& operator=(const Cache&) = delete;
  ~Cache() {
    for (auto& kept : classes_) {
      while (kept.first != nullptr) ::operator delete(take(kept));
    }
    gone_ = true;
  }

  [[nodiscard]] void* allocate(std::size_t size) {
    const auto index = size / kStep;
    if (index >= kClasses) return ::operator new(size);
    auto& kept = classes_[index];
    return kept.first != nullptr ? take(kept) : ::operator new((index + 1) * kStep);
  }

  void free(void* frame, std::size_t size) noexcept {
    const auto index = size / kStep;
    if (index >= kClasses || gone_ || classes_[index].count == kMostKept) return ::operator delete(frame);
    auto& kept = classes_[index];
    kept.first = new (frame) Free{kept.first};
    ++kept.count;
  }

 private:
  static void* take(Kept& kept) {
    auto* const frame = kept.first;
    kept.first = frame->next;
    --kept.count;
    return frame;
  }

  std::array<Kept, kClasses> classes_;
  bool gone_ = false;  // frames that end after their thread's end
};

thread_local Cache cache;

#endif

}  // namespace

#ifdef MCPGW_FRAMES_ARE_WATCHED
void* allocate_frame(std::size_t size) { return ::operator new(size); }
void free_frame(void* frame, std::size_t) noexcept { ::operator delete(frame); }
#else
void* allocate_frame(std::size_t size) { return cache.allocate(size); }
void free_frame(void* frame, std::size_t size) noexcept { cache.free(frame, size); }
#endif

}  // namespace base::detail
