#include "gateway/client_profiles.hpp"

#include <gtest/gtest.h>

namespace gateway {
namespace {

TEST(ClientProfiles, TakesCapabilitiesAndNameOutOfTheParams) {
  ClientProfiles profiles;
  const auto profile = profiles.of(R"({"capabilities": {"roots": {}}, "clientInfo": {"name": "c"}, "x": 1})");
  EXPECT_EQ(profile->initialize_params, R"({"capabilities": {"roots": {}}, "clientInfo": {"name": "c"}, "x": 1})");
  EXPECT_EQ(profile->capabilities, R"({"roots":{}})");
  EXPECT_EQ(profile->info, R"({"name":"c"})");
}

TEST(ClientProfiles, KnowsNothingOfAClientThatSaysNothing) {
  ClientProfiles profiles;
  for (const std::string params : {"{}", R"({"capabilities":[],"clientInfo":"me"})", "no JSON"}) {
    EXPECT_EQ(profiles.of(params)->capabilities, "{}") << params;
    EXPECT_EQ(profiles.of(params)->info, "") << params;
  }
}

TEST(ClientProfiles, AreSharedByThoseWhoSayTheSame) {
  ClientProfiles profiles;
  const auto first = profiles.of(R"({"a":1})");
  EXPECT_EQ(profiles.of(R"({"a":1})"), first);
  EXPECT_NE(profiles.of(R"({"a":2})"), first);
}

// Whatever clients call themselves: what nobody has any more goes.
TEST(ClientProfiles, DoNotGrowWithWhatNobodyHas) {
  ClientProfiles profiles;
  const auto kept = profiles.of("{}");
  std::vector<std::weak_ptr<const ClientProfile>> seen;
  for (int i = 0; i < 1'000; ++i) seen.push_back(profiles.of("{\"n\":" + std::to_string(i) + "}"));
  for (const auto& profile : seen) EXPECT_TRUE(profile.expired());
  EXPECT_LE(profiles.size(), 128U);
  EXPECT_EQ(profiles.of("{}"), kept);
}

}  // namespace
}  // namespace gateway
