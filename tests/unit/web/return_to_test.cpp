#include "web/detail/return_to.hpp"

#include <gtest/gtest.h>

namespace web {
namespace {

TEST(ReturnTo, KeepsPathsOfThisGateway) {
  for (const std::string path :
       {"/", "/settings", "/auth/consent?redirect_uri=http%3A%2F%2Flocalhost%3A1%2Fcb&state=//x"}) {
    EXPECT_EQ(safe_return_to(path), path);
  }
}

TEST(ReturnTo, RefusesWhateverCouldLeadElsewhere) {
  for (const std::string path :
       {"", "settings", "//evil.example", "///evil.example", "/\\evil.example", "\\/evil.example",
        "https://evil.example", "javascript:alert(1)", "/a b", "/a\nb", "/a\rb", "/\x01", "/caf\xc3\xa9", "/a\\b"}) {
    EXPECT_EQ(safe_return_to(path), "/settings") << path;
  }
  EXPECT_EQ(safe_return_to("/" + std::string(16 << 10, 'a')), "/settings");
}

}  // namespace
}  // namespace web
