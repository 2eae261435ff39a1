#include "base/kept_strings.hpp"

#include <gtest/gtest.h>

#include "base/kept_memory.hpp"

namespace {

TEST(KeptStrings, AreEmptyAndHaveRoom) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{100}, base::kLargestKept, 4 * base::kLargestKept}) {
    for (int round = 0; round < 100; ++round) {
      auto text = base::take_string(size);
      EXPECT_TRUE(text.empty());
      EXPECT_GE(text.capacity(), size);
      text.assign(size, 'x');
      base::keep_string(std::move(text));
    }
  }
}

TEST(KeptStrings, OfAnyOriginCanBeKept) {
  for (int i = 0; i < 100; ++i) base::keep_string(std::string(1000, 'x'));
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(base::take_string(1).empty());
}

}  // namespace
