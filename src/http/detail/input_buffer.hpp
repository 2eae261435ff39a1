// Bytes read and not yet used, in one piece; holds no memory while it is empty and released.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

#include "base/kept_memory.hpp"

namespace http {

class InputBuffer {
 public:
  [[nodiscard]] bool empty() const { return begin_ == end_; }
  [[nodiscard]] std::string_view view() const { return {data_.get() + begin_, end_ - begin_}; }
  // The bytes stay where they are until the next prepare() or release().
  void consume(std::size_t bytes) { begin_ += bytes; }

  // Room for more, behind what is there; grows when full. `first`: the size to begin with.
  [[nodiscard]] std::span<char> prepare(std::size_t first = base::kLargestKept) {
    if (empty()) begin_ = end_ = 0;
    if (end_ == capacity_) make_room(first);
    return {data_.get() + end_, capacity_ - end_};
  }
  void commit(std::size_t bytes) { end_ += bytes; }
  void release() {
    data_.reset();
    begin_ = end_ = capacity_ = 0;
  }

 private:
  struct Give {
    std::size_t size;
    void operator()(char* memory) const { base::free_kept(memory, size); }
  };
  using Memory = std::unique_ptr<char, Give>;

  void make_room(std::size_t first) {
    const auto size = end_ - begin_;
    const auto wanted = size * 2 >= capacity_ ? std::max(first, capacity_ * 2) : capacity_;
    Memory moved(static_cast<char*>(base::allocate_kept(wanted)), Give{wanted});
    if (size > 0) std::memcpy(moved.get(), data_.get() + begin_, size);
    data_ = std::move(moved);
    capacity_ = wanted;
    begin_ = 0;
    end_ = size;
  }

  Memory data_{nullptr, Give{0}};
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace http
