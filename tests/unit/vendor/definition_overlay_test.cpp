#include "vendor/definition_overlay.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture.hpp"

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

vendor::Definitions shipped() {
  return {{"acme", vendor_test::shared(vendor_test::definition("slug: acme\nname: Acme\nenabled: false\n"))},
          {"cmd", vendor_test::shared(vendor_test::definition(
                      "slug: cmd\nname: Cmd\ntransport: {type: stdio, env: {A: '1', B: '2'}}\n"))}};
}

vendor::Definition overlaid(const std::string& slug, const std::string& yaml) {
  auto definitions = shipped();
  base::YamlMap map(base::load_yaml_text(yaml, "gateway.yaml"), "gateway.yaml", "vendors." + slug);
  vendor::apply_overlay(definitions, slug, map);
  return *definitions.at(slug);
}

std::string refusal(const std::string& slug, const std::string& yaml) {
  return vendor_test::refusal([&] { (void)overlaid(slug, yaml); });
}

TEST(DefinitionOverlay, UrlSwitchesAVendorOn) {
  const auto acme = overlaid("acme", "url: http://10.0.0.5:8080/mcp\n");
  EXPECT_TRUE(acme.enabled);
  EXPECT_EQ(acme.http->url.origin.host, "10.0.0.5");
}

TEST(DefinitionOverlay, UrlWithEnabledFalseLeavesItOff) {
  const auto acme = overlaid("acme", "url: http://10.0.0.5:8080/mcp\nenabled: false\n");
  EXPECT_FALSE(acme.enabled);
  EXPECT_TRUE(acme.http);
}

TEST(DefinitionOverlay, CommandSwitchesAVendorOnAndVariablesAreAdded) {
  const auto cmd = overlaid("cmd", "command: npx\nargs: [-y, pkg]\nenv: {B: '3', C: '4'}\n");
  EXPECT_TRUE(cmd.enabled);
  EXPECT_EQ(cmd.stdio->command, "npx");
  EXPECT_THAT(cmd.stdio->arguments, ElementsAre("-y", "pkg"));
  EXPECT_THAT(cmd.stdio->environment,
              ElementsAre(testing::Pair("A", "1"), testing::Pair("B", "3"), testing::Pair("C", "4")));
}

TEST(DefinitionOverlay, UrlReplacesACommandAndTheOtherWayRound) {
  EXPECT_FALSE(overlaid("cmd", "url: http://127.0.0.1:1/\n").stdio);
  const auto acme = overlaid("acme", "command: acme-mcp\n");
  EXPECT_FALSE(acme.http);
  EXPECT_EQ(acme.stdio->command, "acme-mcp");
}

TEST(DefinitionOverlay, ProtocolIsTakenAndStaysTheDefinitionsWithoutOne) {
  using vendor::Protocol;
  EXPECT_EQ(overlaid("acme", "url: http://x/\n").protocol, Protocol::automatic);
  EXPECT_EQ(overlaid("acme", "url: http://x/\nprotocol: sse\n").protocol, Protocol::sse);
  EXPECT_EQ(overlaid("cmd", "command: x\nprotocol: modern\n").protocol, Protocol::modern);
  EXPECT_THAT(refusal("cmd", "command: x\nprotocol: sse\n"), HasSubstr("sse is for a vendor with a url"));
}

TEST(DefinitionOverlay, TimeoutsAndSigningSecretAreTaken) {
  const auto acme = overlaid("acme", "url: http://x/\nsigning_secret: hush\ncall_timeout: 30s\nlist_timeout: 2s\n");
  EXPECT_EQ(acme.http->signing_secret.reveal(), "hush");
  EXPECT_EQ(acme.call_timeout, 30s);
  EXPECT_EQ(acme.list_timeout, 2s);
}

TEST(DefinitionOverlay, RefusalsNameTheKeyAndItsLine) {
  EXPECT_THAT(refusal("nobody", "url: http://x/\n"),
              HasSubstr("gateway.yaml:1: vendors.nobody.url: no vendor has the slug \"nobody\"; known: acme, cmd"));
  EXPECT_THAT(refusal("acme", "enabled: true\n"),
              HasSubstr("vendors.acme.enabled: a vendor that is switched on needs"));
  EXPECT_THAT(refusal("acme", "url: http://x/\ncommand: y\n"), HasSubstr("command: give a url or a command, not both"));
  EXPECT_THAT(refusal("acme", "args: [x]\n"), HasSubstr("args: is for a vendor with a command"));
  EXPECT_THAT(refusal("acme", "signing_secret: hush\n"), HasSubstr("signing_secret: is for a vendor with a url"));
  EXPECT_THAT(refusal("acme", "\nurll: http://x/\n"), HasSubstr("gateway.yaml:2: vendors.acme.urll: unknown key"));
}

TEST(DefinitionOverlay, RefusedOverlayChangesNothing) {
  auto definitions = shipped();
  const auto before = definitions.at("acme");
  base::YamlMap map(base::load_yaml_text("url: http://x/\nbad: 1\n", "g"), "g", "vendors.acme");
  EXPECT_THROW(vendor::apply_overlay(definitions, "acme", map), base::ConfigError);
  EXPECT_EQ(definitions.at("acme"), before);
}

TEST(DefinitionOverlay, OperatorsDefinitionReplacesTheShippedOneWhole) {
  auto definitions = shipped();
  vendor::replace_definitions(definitions,
                              {{"acme", vendor_test::shared(vendor_test::definition("slug: acme\nname: Ours\n"))}});
  EXPECT_EQ(definitions.at("acme")->name, "Ours");
  EXPECT_EQ(definitions.size(), 2U);
}

TEST(DefinitionOverlay, PointingAtAUrlSwitchesOn) {
  auto definitions = shipped();
  vendor::point_to(definitions, "acme", "http://127.0.0.1:9/demo-docs/mcp");
  EXPECT_TRUE(definitions.at("acme")->enabled);
  EXPECT_EQ(definitions.at("acme")->http->url.target, "/demo-docs/mcp");
  EXPECT_THAT(vendor_test::refusal([&] { vendor::point_to(definitions, "nobody", "http://x/"); }), HasSubstr("nobody"));
}

}  // namespace
