#include "web/detail/redirect_source.hpp"

#include <gtest/gtest.h>

namespace web {
namespace {

struct Case {
  std::string_view uri;
  std::string_view source;
  std::string_view origin;
};

TEST(RedirectSource, IsTheOriginOrTheSchemeOrNothing) {
  for (const auto& [uri, source, origin] : {
           Case{"http://localhost:3335/oauth/callback", "http://localhost:3335", "http://localhost:3335"},
           Case{"HTTPS://App.Example?x", "https://app.example", "https://app.example"},
           Case{"http://[::1]:3335/cb", "http:", "http://[::1]:3335"},
           Case{"cursor://a.b/c", "cursor:", ""},
           Case{"com.example.app:/cb", "com.example.app:", ""},
           Case{"https://user@host/", "", ""},
           Case{"https://a;script-src *", "", ""},
           Case{"https://", "", ""},
           Case{"https:/x", "", ""},
           Case{"a b:c", "", ""},
           Case{"1x:y", "", ""},
           Case{"/path", "", ""},
           Case{"", "", ""},
       }) {
    EXPECT_EQ(redirect_source(uri), source) << uri;
    EXPECT_EQ(redirect_origin(uri), origin) << uri;
  }
}

}  // namespace
}  // namespace web
