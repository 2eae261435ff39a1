#include "identity/preferences.hpp"

#include "fixture.hpp"

namespace {

using identity::ToolListing;
using identity_test::IdentityTest;

class Preferences : public IdentityTest {
 protected:
  identity::Preferences preferences_{database_};
};

TEST_F(Preferences, NamesLeadBack) {
  for (const auto listing : {ToolListing::automatic, ToolListing::all, ToolListing::search}) {
    EXPECT_EQ(identity::tool_listing(identity::name(listing)), listing);
  }
  EXPECT_EQ(identity::tool_listing("some"), std::nullopt);
}

TEST_F(Preferences, AreEachPersonsOwnAndOutliveTheProcess) {
  const auto ada = add("ada");
  const auto ben = add("ben");
  EXPECT_EQ(get(preferences_.tools(ada.id)), ToolListing::automatic);
  EXPECT_TRUE(get(preferences_.choose_tools(ada.id, ToolListing::search)));
  EXPECT_EQ(get(preferences_.tools(ada.id)), ToolListing::search);
  EXPECT_EQ(get(preferences_.tools(ben.id)), ToolListing::automatic);
  identity::Preferences later(database_);
  EXPECT_EQ(get(later.tools(ada.id)), ToolListing::search);
}

TEST_F(Preferences, OfNobodyCannotBeKept) {
  const auto chosen = get(preferences_.choose_tools("nobody", ToolListing::all));
  ASSERT_FALSE(chosen);
  EXPECT_EQ(chosen.error().kind, base::Kind::not_found);
  EXPECT_EQ(get(preferences_.tools("nobody")), ToolListing::automatic);
}

}  // namespace
