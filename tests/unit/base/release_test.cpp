#include "base/release.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

TEST(Release, GivesAStringsMemoryBack) {
  std::string text(1'000, 'x');
  base::release(text);
  EXPECT_TRUE(text.empty());
  EXPECT_EQ(text.capacity(), std::string().capacity());
}

TEST(Release, GivesTheMemoryBackOfWhatHoldsStrings) {
  struct Message {
    std::string head;
    std::string body;
  };
  Message message{std::string(1'000, 'h'), std::string(1'000, 'b')};
  base::release(message);
  EXPECT_EQ(message.head.capacity(), std::string().capacity());
  EXPECT_EQ(message.body.capacity(), std::string().capacity());
}

}  // namespace
