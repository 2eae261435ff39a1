#include "json/plain.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

TEST(PlainPrefix, EndsAtWhatAStringCannotHoldAsItIs) {
  for (int byte = 0; byte < 256; ++byte) {
    const bool is_plain = byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
    for (const std::size_t before : {0U, 1U, 255U, 256U, 300U, 511U, 512U, 1000U}) {
      const auto text = std::string(before, 'x') + static_cast<char>(byte) + std::string(300, 'y');
      EXPECT_EQ(json::plain_prefix(text), is_plain ? text.size() : before) << byte;
    }
  }
}

TEST(PlainPrefix, OfNothingIsNothing) { EXPECT_EQ(json::plain_prefix(""), 0U); }

}  // namespace
