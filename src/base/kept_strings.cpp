#include "base/kept_strings.hpp"

#include <utility>
#include <vector>

#include "base/kept_memory.hpp"

namespace base {
namespace {

constexpr std::size_t kMostKept = 32;

std::vector<std::string>& kept() {
  thread_local std::vector<std::string> strings;
  return strings;
}

}  // namespace

std::string take_string(std::size_t size) {
  std::string text;
  if (auto& strings = kept(); !strings.empty()) {
    text = std::move(strings.back());
    strings.pop_back();
  }
  text.reserve(size);
  return text;
}

void keep_string(std::string&& text) {
  if (kMemoryIsWatched || text.capacity() > kLargestKept || kept().size() == kMostKept) return;
  text.clear();
  kept().push_back(std::move(text));
}

}  // namespace base
