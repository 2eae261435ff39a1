#include "web/detail/view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "web/detail/embedded.hpp"

namespace web {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(View, OnlyTheLayoutTakesTextUnescaped) {
  for (const auto& file : embedded_files()) {
    if (file.name == "layout.mustache" || !file.name.ends_with(".mustache")) continue;
    EXPECT_THAT(std::string(file.content), testing::AllOf(Not(HasSubstr("{{{")), Not(HasSubstr("{{&")))) << file.name;
  }
}

TEST(View, EveryTemplateIsWellFormed) {
  for (const auto& file : embedded_files()) {
    if (file.name.ends_with(".mustache")) EXPECT_NO_THROW((void)fill(file.name, View())) << file.name;
  }
}

TEST(View, EscapesWhatCouldEndATextOrAnAttribute) {
  View view;
  view.text("title", "<a href=\"x\" id='y'>&{{csrf}}");
  EXPECT_THAT(fill("message.mustache", view),
              HasSubstr("<h1>&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;{{csrf}}</h1>"));
}

TEST(View, AnUnknownTemplateIsABug) { EXPECT_THROW((void)fill("nope.mustache", View()), std::logic_error); }

}  // namespace
}  // namespace web
