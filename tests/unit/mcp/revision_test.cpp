#include "mcp/revision.hpp"

#include <gtest/gtest.h>

namespace {

TEST(Revision, UnknownIsAnsweredWithTheNewest) {
  EXPECT_EQ(mcp::negotiate("2025-03-26"), "2025-03-26");
  EXPECT_EQ(mcp::negotiate("1999-01-01"), "2025-11-25");
}

}  // namespace
