#include "base/keyed_hash.hpp"

#include <gtest/gtest.h>

namespace {

TEST(KeyedHash, NamesATextAsLongAsItLives) {
  const base::KeyedHash hash;
  EXPECT_EQ(hash("a text"), hash("a text"));
  EXPECT_NE(hash("a text"), hash("a texu"));
  EXPECT_NE(hash(""), hash(std::string_view("\0", 1)));
}

TEST(KeyedHash, HasAKeyThatNobodyElseHas) { EXPECT_NE(base::KeyedHash()("a text"), base::KeyedHash()("a text")); }

}  // namespace
