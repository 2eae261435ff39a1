#include "gateway/vendor_status.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/detail/own_definitions.hpp"
#include "json/document.hpp"

namespace {

using gateway::Readiness;
using testing::HasSubstr;

constexpr std::string_view kUrl = "https://gateway.example";

class Status : public testing::Test {
 protected:
  gateway::VendorStatus of(Readiness readiness) {
    connection_.readiness = readiness;
    return gateway::vendor_status(connection_, tools_, health_, kUrl);
  }
  void SetUp() override {
    auto definition = std::make_shared<vendor::Definition>();
    definition->slug = "hudu";
    definition->name = "Hudu";
    connection_.definition = definition;
  }
  void lists_nothing() { tools_.list = std::make_shared<const gateway::VendorList>(); }
  void fails() { tools_.failure = base::Error{base::Kind::vendor_timeout, "x", "no answer in 10 s", {}, {}}; }

  gateway::Connection connection_;
  gateway::ListState tools_;
  vendor::Health health_;
};

TEST_F(Status, EveryReadinessHasItsStateAndWhatToDo) {
  EXPECT_EQ(of(Readiness::needs_credential).state, "needs_credential");
  EXPECT_THAT(of(Readiness::needs_credential).reason, HasSubstr("https://gateway.example/settings/connections/hudu"));
  EXPECT_EQ(of(Readiness::rejected).state, "rejected");
  EXPECT_THAT(of(Readiness::rejected).reason, HasSubstr("Replace it"));
  EXPECT_EQ(of(Readiness::down).state, "down");
  EXPECT_THAT(of(Readiness::down).reason, HasSubstr("come back by themselves"));
  EXPECT_EQ(of(Readiness::unresolved).state, "unreadable");
  EXPECT_THAT(of(Readiness::unresolved).reason, HasSubstr("operator"));
}

TEST_F(Status, ReadyOneIsToldByItsListAndItsHealth) {
  EXPECT_EQ(of(Readiness::ready).state, "unknown");
  fails();
  EXPECT_EQ(of(Readiness::ready).state, "failing");
  EXPECT_EQ(of(Readiness::ready).last_error, "no answer in 10 s");
  lists_nothing();
  EXPECT_EQ(of(Readiness::ready).state, "degraded");
  tools_.failure.reset();
  EXPECT_EQ(of(Readiness::ready).state, "up");
  EXPECT_THAT(of(Readiness::ready).reason, HasSubstr("no tools"));
  health_.status = vendor::Status::degraded;
  EXPECT_EQ(of(Readiness::ready).state, "degraded");
}

TEST_F(Status, DownOneTellsTheLastErrorOfItsHealth) {
  health_.consecutive_failures = 3;
  health_.last_error = "connection refused";
  EXPECT_EQ(of(Readiness::down).last_error, "connection refused");
}

TEST_F(Status, ResultSaysTheSameAsTextAndAsStructure) {
  const auto status = of(Readiness::rejected);
  const auto result = json::parse_object(gateway::status_result({status}, kUrl));
  ASSERT_TRUE(result);
  const auto& vendor = result->at("structuredContent").at("vendors").at(0);
  EXPECT_EQ(vendor.at("state"), "rejected");
  EXPECT_EQ(vendor.at("link"), "https://gateway.example/settings/connections/hudu");
  EXPECT_FALSE(vendor.as_object().contains("lastError"));
  EXPECT_THAT(std::string(result->at("content").at(0).at("text").as_string()),
              testing::AllOf(HasSubstr("Hudu (hudu): rejected, 0 tools."), HasSubstr("Replace it")));
}

TEST_F(Status, OutputSchemaNamesEveryState) {
  const auto definition = json::parse_object(gateway::kStatusDefinition);
  ASSERT_TRUE(definition);
  const auto& properties = definition->at("outputSchema").at("properties").at("vendors").at("items").at("properties");
  std::vector<std::string> states;
  for (const auto& state : properties.at("state").at("enum").as_array()) states.emplace_back(state.as_string());
  EXPECT_THAT(states, testing::ElementsAreArray(gateway::kVendorStates));
  for (const auto& [key, value] : json::parse_object(gateway::status_result({of(Readiness::rejected)}, kUrl))
                                      ->at("structuredContent")
                                      .at("vendors")
                                      .at(0)
                                      .as_object()) {
    EXPECT_TRUE(properties.as_object().contains(key)) << key;
  }
}

}  // namespace
