#include "gateway/client_profile.hpp"

#include <gtest/gtest.h>

namespace gateway {
namespace {

TEST(ClientProfile, HasCapabilitiesAndNameOutOfTheParams) {
  const std::string params = R"({"capabilities": {"roots": {}}, "clientInfo": {"name": "c"}, "x": 1})";
  const auto profile = read_client_profile(params);
  EXPECT_EQ(profile.initialize_params, params);
  EXPECT_EQ(profile.capabilities, R"({"roots":{}})");
  EXPECT_EQ(profile.info, R"({"name":"c"})");
}

TEST(ClientProfile, IsEmptyForAClientThatSaysNothing) {
  for (const std::string params : {"{}", R"({"capabilities":[],"clientInfo":"me"})", "no JSON"}) {
    EXPECT_EQ(read_client_profile(params).capabilities, "{}") << params;
    EXPECT_EQ(read_client_profile(params).info, "") << params;
  }
}

}  // namespace
}  // namespace gateway
