#include "base/interned.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

std::string shout(int key) { return std::to_string(key) + "!"; }

TEST(Interned, IsSharedByThoseWhoHaveTheSameKey) {
  base::Interned<int, std::string> values;
  const auto first = values.of(1, shout);
  EXPECT_EQ(*first, "1!");
  EXPECT_EQ(values.of(1, [](int) { return std::string("made again"); }), first);
  EXPECT_EQ(*values.of(2, shout), "2!");
}

TEST(Interned, DoesNotGrowWithWhatNobodyHas) {
  base::Interned<int, std::string> values;
  const auto kept = values.of(-1, shout);
  std::vector<std::weak_ptr<const std::string>> seen;
  for (int i = 0; i < 1'000; ++i) seen.push_back(values.of(i, shout));
  for (const auto& value : seen) EXPECT_TRUE(value.expired());
  EXPECT_LE(values.size(), 128U);
  EXPECT_EQ(values.of(-1, shout), kept);
}

}  // namespace
