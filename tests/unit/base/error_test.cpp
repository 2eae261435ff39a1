#include "base/error.hpp"

#include <gtest/gtest.h>

namespace {

using base::Kind;
using base::Result;

Result<int> refused() { return base::fail(Kind::conflict, "test.refused", "No.", "why"); }

TEST(Failure, IsWhatItWasMadeOf) {
  const auto failure = base::fail(Kind::conflict, "test.refused", "No.", "why");
  EXPECT_EQ(failure.error().kind, Kind::conflict);
  EXPECT_EQ(failure.error().code, "test.refused");
  EXPECT_EQ(failure.error().message, "No.");
  EXPECT_EQ(failure.error().detail, "why");
  EXPECT_FALSE(failure.error().retry_after);
}

TEST(Failure, IsPassedOnAsItIs) {
  auto first = refused();
  const auto* error = &first.error();
  const Result<std::string> second = std::move(first).failure();
  EXPECT_EQ(&second.error(), error);
}

TEST(Failure, IsCopiedFromAResultThatStays) {
  const auto first = refused();
  const Result<void> second = first.failure();
  EXPECT_EQ(second.error().code, "test.refused");
  EXPECT_EQ(first.error().code, "test.refused");
}

}  // namespace
