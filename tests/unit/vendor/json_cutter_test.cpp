#include "vendor/detail/json_cutter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace {

using testing::ElementsAre;

// Everything that comes out when `text` goes in, `step` bytes at a time; the error's kind last when there is one.
std::vector<std::string> cut(const std::string& text, std::size_t step, std::size_t limit = 1'000) {
  vendor::detail::JsonCutter cutter(limit);
  std::vector<std::string> all;
  for (std::size_t at = 0; at < text.size(); at += step) {
    cutter.feed(std::string_view(text).substr(at, step));
    while (true) {
      const auto next = cutter.next();
      if (!next) {
        all.emplace_back(name(next.error().kind));
        return all;
      }
      if (!*next) break;
      all.push_back(**next);
    }
  }
  return all;
}

TEST(JsonCutter, GivesObjectsHoweverTheyAreLaidOutAndTheBytesCut) {
  const std::string text = "{\"a\":1}\n\r\n {\"b\":{\"c\":[1,2]}}{\n  \"d\" : \"x\"\n}\n[{\"e\":1}]";
  for (std::size_t step = 1; step < text.size(); ++step) {
    EXPECT_THAT(cut(text, step),
                ElementsAre("{\"a\":1}", "{\"b\":{\"c\":[1,2]}}", "{\n  \"d\" : \"x\"\n}", "[{\"e\":1}]"))
        << step;
  }
}

TEST(JsonCutter, BracketsAndQuotesInsideStringsEndNothing) {
  const std::string text = R"({"a":"}]{[\"}\\"}{"b":"\\\"}"})";
  EXPECT_THAT(cut(text, 1), ElementsAre(R"({"a":"}]{[\"}\\"})", R"({"b":"\\\"}"})"));
}

TEST(JsonCutter, WhatIsNotWholeWaits) {
  EXPECT_TRUE(cut("{\"a\":{}", 2).empty());
  EXPECT_TRUE(cut(" \n", 1).empty());
}

TEST(JsonCutter, SomethingElseIsRefused) {
  EXPECT_THAT(cut("<html>", 6), ElementsAre("vendor_invalid"));
  EXPECT_THAT(cut("{}true", 6), ElementsAre("{}", "vendor_invalid"));
  EXPECT_THAT(cut("}", 1), ElementsAre("vendor_invalid"));
}

TEST(JsonCutter, AnObjectBeyondTheLimitIsTooLarge) {
  EXPECT_THAT(cut("{\"a\":\"" + std::string(100, 'x'), 10, 50), ElementsAre("too_large"));
  EXPECT_THAT(cut("{\"a\":\"" + std::string(100, 'x') + "\"}", 1'000, 50), ElementsAre("too_large"));
  EXPECT_THAT(cut("{}{}{}{}", 8, 3), ElementsAre("{}", "{}", "{}", "{}")) << "the limit is for each";
}

}  // namespace
