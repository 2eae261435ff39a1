#include "gateway/followed_resources.hpp"

#include <gmock/gmock.h>

namespace {

using gateway::concerns;
using gateway::FollowedResources;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(FollowedResources, AreTheSameAfterBeingWrittenAndRead) {
  FollowedResources all;
  all.add("hudu", "file:///b");
  all.add("hudu", "file:///a");
  all.add("hudu", "file:///a");
  all.add("acme", "x:\"1\"");
  EXPECT_EQ(all.text(), R"({"acme":["x:\"1\""],"hudu":["file:///a","file:///b"]})");
  const auto again = FollowedResources::parse(all.text());
  EXPECT_EQ(again.text(), all.text());
  EXPECT_EQ(again.size(), 3U);
  EXPECT_THAT(again.vendors(), ElementsAre("acme", "hudu"));
  EXPECT_THAT(again.of("hudu"), ElementsAre("file:///a", "file:///b"));
}

TEST(FollowedResources, AVendorOfWhomNothingIsFollowedIsGone) {
  FollowedResources all;
  all.add("hudu", "a:1");
  all.remove("hudu", "a:2");
  EXPECT_TRUE(all.has("hudu", "a:1"));
  all.remove("hudu", "a:1");
  all.remove("acme", "a:1");
  EXPECT_THAT(all.vendors(), IsEmpty());
  EXPECT_FALSE(all.has("hudu", "a:1"));
}

TEST(FollowedResources, NothingIsTakenOfATextThatIsNone) {
  for (const auto* text : {"", "[]", "{", R"({"hudu":"a:1","acme":[1]})"}) {
    EXPECT_EQ(FollowedResources::parse(text).size(), 0U) << text;
  }
}

TEST(Concerns, AResourceAndItsParts) {
  const std::vector<std::string> followed{"file:///a", "file:///dir/"};
  for (const auto* uri : {"file:///a", "file:///a/b", "file:///a?x", "file:///a#x", "file:///dir/", "file:///dir/b"}) {
    EXPECT_TRUE(concerns(uri, followed)) << uri;
  }
  for (const auto* uri : {"", "file:///", "file:///ab", "file:///dir", "x:file:///a"}) {
    EXPECT_FALSE(concerns(uri, followed)) << uri;
  }
}

}  // namespace
