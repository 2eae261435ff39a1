// docs/adding-a-vendor.md against the reader: its examples are read, and its reference names every key there is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "fixture.hpp"
#include "vendor/definition_overlay.hpp"

namespace {

using namespace std::chrono_literals;

std::string page() {
  std::ifstream file(vendor_test::source_path("docs/adding-a-vendor.md"));
  return {std::istreambuf_iterator<char>(file), {}};
}

// The fenced blocks that begin with "```yaml <kind>".
std::vector<std::string> examples(const std::string& kind) {
  const auto text = page();
  const auto fence = "```yaml " + kind + "\n";
  std::vector<std::string> all;
  for (auto at = text.find(fence); at != std::string::npos; at = text.find(fence, at)) {
    at += fence.size();
    all.push_back(text.substr(at, text.find("```", at) - at));
  }
  return all;
}

TEST(AddingAVendor, WorkedExampleIsReadAsThePageSays) {
  const auto all = examples("definition");
  ASSERT_EQ(all.size(), 2U);
  const auto acme = vendor_test::definition(all[0]);
  EXPECT_TRUE(acme.enabled);
  EXPECT_EQ(acme.http->url.origin.authority(), "mcp.helpdesk.acme.example");
  EXPECT_EQ(acme.fields.at(0).prefix, "Bearer ");
  EXPECT_EQ(acme.probe_arguments, R"({"query":"test","limit":1})");
  EXPECT_EQ(acme.call_timeout, 2min);
  EXPECT_EQ(vendor_test::definition(all[1]).stdio->command, "/usr/local/bin/acme-notes-mcp");
}

TEST(AddingAVendor, OverlayExampleFitsTheShippedCatalog) {
  auto definitions = vendor::load_definitions(vendor_test::source_path("catalog"));
  base::YamlMap document(base::load_yaml_text(examples("overlay").at(0), "gateway.yaml"), "gateway.yaml");
  auto vendors = document.map("vendor_overrides");
  for (const auto& slug : vendors.keys()) {
    auto overlay = vendors.map(slug);
    vendor::apply_overlay(definitions, slug, overlay);
    EXPECT_TRUE(definitions.at(slug)->enabled) << slug;
  }
}

// A refusal lists the keys that the reader knows at a level: the page must have a row for each.
std::vector<std::string> known_keys(const std::string& text) {
  auto message = vendor_test::refusal([&] { (void)vendor_test::definition(text); });
  const std::string mark = "known here: ";
  message = message.substr(message.find(mark) + mark.size()) + ", ";
  std::vector<std::string> keys;
  for (std::size_t begin = 0, end; (end = message.find(", ", begin)) != std::string::npos; begin = end + 2) {
    keys.push_back(message.substr(begin, end - begin));
  }
  return keys;
}

TEST(AddingAVendor, ReferenceHasARowForEveryKey) {
  const auto text = page();
  const std::string begin = "slug: acme\nname: Acme\n";
  const std::vector<std::pair<std::string, std::string>> levels{
      {"transport.", begin + "transport: {bad: 1}\n"},
      {"transport.", begin + "transport: {type: stdio, bad: 1}\n"},
      {"health.", begin + "health: {check: http, bad: 1}\n"},
      {"credential.probe.", begin + "credential: {probe: {bad: 1}}\n"},
      {"timeouts.", begin + "timeouts: {bad: 1}\n"},
      {"", begin + "credential: {fields: [{name: a, label: A, header: X-A, bad: 1}]}\n"},
  };
  for (const auto& [prefix, level] : levels) {
    const auto keys = known_keys(level);
    EXPECT_GE(keys.size(), 2U) << level;
    for (const auto& key : keys) EXPECT_THAT(text, testing::HasSubstr("| `" + prefix + key + "` |")) << level;
  }
  for (const auto& key : known_keys(begin + "bad: 1\n")) {
    EXPECT_THAT(text, testing::AnyOf(testing::HasSubstr("| `" + key + "` |"), testing::HasSubstr("| `" + key + ".")));
  }
}

}  // namespace
