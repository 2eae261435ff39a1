#include <gtest/gtest.h>

#include <stdexcept>

#include "http/message.hpp"

namespace http {
namespace {

using namespace std::string_view_literals;

TEST(Headers, FindsNamesWithoutCaseAndGivesTheFirst) {
  Headers headers;
  headers.add("Accept", "a");
  headers.add("ACCEPT", "b");
  EXPECT_EQ(headers.find("accept"), "a");
  EXPECT_EQ(headers.size(), 2U);
  EXPECT_EQ(headers.get("absent"), "");
  EXPECT_FALSE(headers.find("absent"));
}

TEST(Headers, SetReplacesEveryFieldOfThatName) {
  Headers headers;
  headers.add("A", "1");
  headers.add("B", "2");
  headers.add("a", "3");
  headers.set("A", "4");
  EXPECT_EQ(headers.size(), 2U);
  EXPECT_EQ(headers.at(0).name, "B");
  EXPECT_EQ(headers.get("A"), "4");
  EXPECT_EQ(headers.lines(), "B: 2\r\nA: 4\r\n");
}

TEST(Headers, RemoveKeepsTheOthersReadable) {
  Headers headers;
  headers.add("First", "one");
  headers.add("Second", "two");
  headers.add("Third", "three");
  headers.remove("second");
  EXPECT_EQ(headers.get("first"), "one");
  EXPECT_EQ(headers.get("third"), "three");
  EXPECT_FALSE(headers.find("second"));
}

TEST(Headers, ValuesMayBeViewsIntoTheSameHeaders) {
  Headers headers;
  headers.add("A", std::string(100, 'x'));
  for (int i = 0; i < 20; ++i) headers.add("Copy", headers.get("A"));
  headers.set("A", headers.at(20).value);
  EXPECT_EQ(headers.get("A"), std::string(100, 'x'));
}

TEST(Headers, ValueThatWouldEndItsLineIsAProgrammingError) {
  Headers headers;
  for (const auto value : {"a\r\nX: y"sv, "a\nb"sv, "a\rb"sv, "a\0b"sv, "\x7f"sv, "\x1f"sv}) {
    EXPECT_FALSE(is_field_value(value));
    EXPECT_THROW(headers.add("A", value), std::invalid_argument);
    EXPECT_THROW(headers.set("A", value), std::invalid_argument);
  }
  for (const auto name : {""sv, "a b"sv, "a:"sv, "a\r\n"sv, "\xc3\xa4"sv}) {
    EXPECT_FALSE(is_token(name));
    EXPECT_THROW(headers.add(name, "x"), std::invalid_argument);
  }
  EXPECT_EQ(headers.size(), 0U);
  EXPECT_TRUE(is_field_value("tab\tand \xc3\xa4 are fine"));
}

TEST(Cookie, IsFoundInAnyFieldAndPosition) {
  Headers headers;
  headers.add("Cookie", "a=1; session=abc=; b");
  headers.add("Cookie", "late=2");
  EXPECT_EQ(cookie(headers, "a"), "1");
  EXPECT_EQ(cookie(headers, "session"), "abc=");
  EXPECT_EQ(cookie(headers, "late"), "2");
  EXPECT_FALSE(cookie(headers, "b"));
  EXPECT_FALSE(cookie(headers, "Session"));
}

}  // namespace
}  // namespace http
