#include "http/message.hpp"

#include <gtest/gtest.h>

namespace http {
namespace {

TEST(Response, FactoriesSetTheContentType) {
  EXPECT_EQ(Response::json(200, "{}").headers.get("Content-Type"), "application/json");
  EXPECT_EQ(Response::html(200, "").headers.get("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(Response::text(418, "x").status, 418);
  EXPECT_EQ(Response::empty(204).headers.size(), 0U);
  EXPECT_EQ(Response::see_other("/a").headers.get("Location"), "/a");
  EXPECT_EQ(Response::see_other("/a").status, 303);
}

TEST(Response, RedirectCannotBeSplit) {
  EXPECT_THROW((void)Response::see_other("/a\r\nSet-Cookie: x=y"), std::invalid_argument);
}

TEST(RequestHead, SplitsTargetIntoPathAndQuery) {
  RequestHead head;
  head.target = "/a/b?c=d?e";
  head.path_length = 4;
  EXPECT_EQ(head.path(), "/a/b");
  EXPECT_EQ(head.query(), "c=d?e");
  head.path_length = head.target.size();
  EXPECT_EQ(head.query(), "");
}

TEST(Reason, IsNeverEmpty) {
  EXPECT_EQ(reason(503), "Service Unavailable");
  EXPECT_EQ(reason(299), "Status");
}

TEST(Parameters, DecodeNamesAndValues) {
  const auto parsed = Parameters::parse("a=1&b%5B%5D=x+y%26&c&=d&&e=");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->find("a"), "1");
  EXPECT_EQ(parsed->find("b[]"), "x y&");
  EXPECT_EQ(parsed->find("c"), "");
  EXPECT_EQ(parsed->find("e"), "");
  EXPECT_EQ(parsed->pairs().size(), 5U);
}

TEST(Parameters, RepeatedNameHasNoOnlyValue) {
  const auto parsed = Parameters::parse("a=1&a=2&b=3");
  EXPECT_FALSE(parsed->find("a"));
  EXPECT_TRUE(parsed->repeated("a"));
  EXPECT_FALSE(parsed->repeated("b"));
  EXPECT_EQ(parsed->all("a"), (std::vector<std::string_view>{"1", "2"}));
}

TEST(Parameters, RefusesBadEscapesAndTooMany) {
  EXPECT_FALSE(Parameters::parse("a=%"));
  EXPECT_FALSE(Parameters::parse("a=%4"));
  EXPECT_FALSE(Parameters::parse("%zz=1"));
  std::string many;
  for (int i = 0; i < 200; ++i) many += "a=1&";
  EXPECT_TRUE(Parameters::parse(many));
  EXPECT_FALSE(Parameters::parse(many + "a=1"));
}

}  // namespace
}  // namespace http
