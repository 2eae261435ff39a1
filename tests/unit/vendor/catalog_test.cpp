// The shipped catalog against what is known about the vendors' MCP servers (data/vendors.json).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "fixture.hpp"

namespace {

namespace json = boost::json;

const vendor::Definitions& catalog() {
  static const auto all = vendor::load_definitions(vendor_test::source_path("catalog"));
  return all;
}

json::array facts() {
  std::ifstream file(vendor_test::source_path("tests/unit/vendor/data/vendors.json"));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return json::parse(text).at("vendors").as_array();
}

std::string text_or(const json::object& object, std::string_view key, std::string otherwise) {
  const auto* value = object.if_contains(key);
  return value == nullptr ? otherwise : std::string(value->as_string());
}

void expect_same(const vendor::Field& field, const json::object& fact) {
  EXPECT_EQ(field.label, text_or(fact, "label", ""));
  EXPECT_EQ(field.header, text_or(fact, "header", ""));
  EXPECT_EQ(field.env, text_or(fact, "env", ""));
  EXPECT_EQ(field.default_value, text_or(fact, "default", ""));
  EXPECT_EQ(field.required, fact.at("required").as_bool());
  EXPECT_EQ(field.secret, fact.at("secret").as_bool());
  EXPECT_EQ(field.prefix, "");
  std::vector<std::string> choices;
  if (const auto* listed = fact.if_contains("choices")) {
    for (const auto& choice : listed->as_array()) choices.emplace_back(choice.as_string());
  }
  EXPECT_EQ(field.choices, choices);
}

TEST(Catalog, HoldsExactlyTheKnownVendorsAndTheTwoDemoOnes) {
  std::set<std::string> expected{"demo-docs", "demo-tickets"};
  for (const auto& fact : facts()) expected.insert(text_or(fact.as_object(), "slug", ""));
  std::set<std::string> shipped;
  for (const auto& [slug, definition] : catalog()) shipped.insert(slug);
  EXPECT_EQ(shipped, expected);
  EXPECT_EQ(shipped.size(), 15U);
}

TEST(Catalog, FieldsAndProbesAreThoseOfTheVendorsServers) {
  for (const auto& entry : facts()) {
    const auto& fact = entry.as_object();
    const auto& definition = *catalog().at(text_or(fact, "slug", ""));
    SCOPED_TRACE(definition.slug);
    EXPECT_EQ(definition.name, text_or(fact, "name", ""));
    EXPECT_EQ(definition.probe_tool, text_or(fact, "probe_tool", ""));
    const auto& fields = fact.at("fields").as_array();
    ASSERT_EQ(definition.fields.size(), fields.size());
    for (std::size_t i = 0; i < fields.size(); ++i) expect_same(definition.fields[i], fields[i].as_object());
  }
}

TEST(Catalog, EveryVendorIsSwitchedOffHasADescriptionAndIsNamedAsItsFile) {
  for (const auto& [slug, definition] : catalog()) {
    SCOPED_TRACE(slug);
    EXPECT_FALSE(definition->enabled);
    EXPECT_FALSE(definition->http);
    EXPECT_FALSE(definition->description.empty());
    EXPECT_TRUE(std::filesystem::exists(vendor_test::source_path("catalog/" + slug + ".yaml")));
  }
}

TEST(Catalog, HttpVendorsAreCheckedByTheirHealthPathAndSuperopsRunsOverStdio) {
  for (const auto& [slug, definition] : catalog()) {
    SCOPED_TRACE(slug);
    if (slug == "superops") {
      EXPECT_TRUE(definition->stdio);
      EXPECT_EQ(definition->health_check, vendor::HealthCheck::mcp);
      continue;
    }
    EXPECT_FALSE(definition->stdio);
    EXPECT_EQ(definition->health_check, vendor::HealthCheck::http);
    EXPECT_EQ(definition->health_path, "/health");
  }
}

}  // namespace
