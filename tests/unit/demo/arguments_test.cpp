#include "demo/arguments.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace {

std::string wrong(std::string_view arguments) {
  static const auto schema = boost::json::parse(R"({"type":"object","properties":{
    "id":{"type":"string","description":"The id, like T-1","minLength":1,"maxLength":8},
    "kind":{"type":"string","description":"k","enum":["a","b"]},
    "limit":{"type":"integer","description":"l","minimum":1,"maximum":20},
    "deep":{"type":"boolean","description":"d"}},"required":["id"]})")
                                 .as_object();
  return demo::wrong_with(schema, boost::json::parse(arguments).as_object());
}

TEST(Arguments, WhatTheSchemaAllowsIsAccepted) {
  EXPECT_EQ(wrong(R"({"id":"x"})"), "");
  EXPECT_EQ(wrong(R"({"id":"x","kind":"b","limit":20,"deep":true})"), "");
}

TEST(Arguments, RefusalSaysWhatToDo) {
  EXPECT_EQ(wrong("{}"), "\"id\" is required: The id, like T-1");
  EXPECT_EQ(wrong(R"({"id":7})"), "\"id\" must be a string; it is 7.");
  EXPECT_EQ(wrong(R"({"id":""})"), "\"id\" must not be empty.");
  EXPECT_EQ(wrong(R"({"id":"123456789"})"), "\"id\" may have at most 8 bytes; it has 9.");
  EXPECT_EQ(wrong(R"({"id":"x","kind":"c"})"), "\"kind\" must be one of a, b; it is \"c\".");
  EXPECT_EQ(wrong(R"({"id":"x","limit":"5"})"), "\"limit\" must be a whole number; it is \"5\".");
  EXPECT_EQ(wrong(R"({"id":"x","limit":21})"), "\"limit\" must be from 1 to 20; it is 21.");
  EXPECT_EQ(wrong(R"({"id":"x","deep":1})"), "\"deep\" must be true or false; it is 1.");
  EXPECT_EQ(wrong(R"({"id":"x","ID":"y"})"), "There is no argument \"ID\"; known are: id, kind, limit, deep.");
}

}  // namespace
