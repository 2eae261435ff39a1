#include "vendor/definition_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "fixture.hpp"

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using vendor_test::definition;

std::string refusal(const std::string& text) {
  return vendor_test::refusal([&] { (void)definition(text); });
}

std::string field(const std::string& lines) {
  return std::string(vendor_test::kOpenVendor) + "credential:\n  fields:\n    - name: k\n      label: K\n" + lines;
}

TEST(DefinitionReader, ShortestDefinitionIsAnOpenHttpVendorThatIsSwitchedOn) {
  const auto acme = definition(vendor_test::kOpenVendor);
  EXPECT_EQ(acme.slug, "acme");
  EXPECT_EQ(acme.name, "Acme");
  EXPECT_TRUE(acme.enabled);
  ASSERT_TRUE(acme.http);
  EXPECT_EQ(acme.http->url.origin.port, 1);
  EXPECT_EQ(acme.http->url.target, "/mcp");
  EXPECT_FALSE(acme.stdio);
  EXPECT_EQ(acme.health_check, vendor::HealthCheck::mcp);
  EXPECT_FALSE(acme.needs_credential());
  EXPECT_EQ(acme.probe_arguments, "{}");
  EXPECT_EQ(acme.call_timeout, 5min);
  EXPECT_EQ(acme.list_timeout, 10s);
}

TEST(DefinitionReader, DefinitionWithoutUrlOrCommandIsSwitchedOff) {
  EXPECT_FALSE(definition("slug: acme\nname: Acme\n").enabled);
  EXPECT_FALSE(definition("slug: acme\nname: Acme\ntransport: {type: stdio}\n").enabled);
}

TEST(DefinitionReader, StdioVendorHasCommandArgumentsAndVariables) {
  const auto acme = definition(
      "slug: acme\nname: Acme\ntransport: {type: stdio, command: acme-mcp, args: [-v, '1'], env: {HOME_DIR: /x}}\n");
  ASSERT_TRUE(acme.stdio);
  EXPECT_FALSE(acme.http);
  EXPECT_EQ(acme.stdio->command, "acme-mcp");
  EXPECT_THAT(acme.stdio->arguments, ElementsAre("-v", "1"));
  EXPECT_EQ(acme.stdio->environment.at("HOME_DIR"), "/x");
  EXPECT_TRUE(acme.enabled);
}

TEST(DefinitionReader, ProbeArgumentsKeepTheTypesOfYaml) {
  const auto text = std::string(vendor_test::kOpenVendor) +
                    "credential:\n  probe:\n    tool: t\n"
                    "    arguments: {a: 1, b: 'x', c: true, d: '1', e: [1.5, null], f: {g: 007}}\n";
  EXPECT_EQ(definition(text).probe_arguments, R"({"a":1,"b":"x","c":true,"d":"1","e":[1.5E0,null],"f":{"g":"007"}})");
}

TEST(DefinitionReader, ProbeArgumentsMayBeTextWithAJsonObject) {
  const auto begin = std::string(vendor_test::kOpenVendor) + "credential:\n  probe:\n    tool: t\n    arguments: ";
  EXPECT_EQ(definition(begin + R"('{"limit": 1}')").probe_arguments, R"({"limit":1})");
  EXPECT_THAT(refusal(begin + "'[1]'"), HasSubstr("expected a mapping, or a text with a JSON object"));
  EXPECT_THAT(refusal(begin + "nonsense"), HasSubstr("expected a mapping, or a text with a JSON object"));
}

TEST(DefinitionReader, UnknownKeysAreRefusedAtEveryLevelWithTheirLine) {
  EXPECT_THAT(refusal("slug: acme\nname: Acme\ncolour: red\n"), StartsWith("acme.yaml:3: colour: unknown key"));
  EXPECT_THAT(refusal("slug: acme\nname: Acme\ntransport:\n  uri: http://x/\n"),
              StartsWith("acme.yaml:4: transport.uri: unknown key"));
  EXPECT_THAT(refusal("slug: acme\nname: Acme\ntransport: {type: http, command: x}\n"),
              HasSubstr("transport.command: unknown key"));
  EXPECT_THAT(refusal(field("      header: X-K\n      colour: red\n")), HasSubstr("colour: unknown key"));
  EXPECT_THAT(refusal("slug: acme\nname: Acme\nhealth: {every: 1s}\n"), HasSubstr("health.every: unknown key"));
  EXPECT_THAT(refusal("slug: acme\nname: Acme\ntimeouts: {read: 1s}\n"), HasSubstr("timeouts.read: unknown key"));
}

TEST(DefinitionReader, ProtocolIsFoundOutUnlessItIsStated) {
  using vendor::Protocol;
  EXPECT_EQ(definition(vendor_test::kOpenVendor).protocol, Protocol::automatic);
  const std::string begin = std::string(vendor_test::kOpenVendor) + "  protocol: ";
  EXPECT_EQ(definition(begin + "auto\n").protocol, Protocol::automatic);
  EXPECT_EQ(definition(begin + "legacy\n").protocol, Protocol::legacy);
  EXPECT_EQ(definition(begin + "modern\n").protocol, Protocol::modern);
  EXPECT_EQ(definition(begin + "sse\n").protocol, Protocol::sse);
  EXPECT_THAT(refusal(begin + "morse\n"), HasSubstr("transport.protocol: expected one of auto, legacy, modern, sse"));
  EXPECT_THAT(refusal("slug: acme\nname: Acme\ntransport: {type: stdio, command: x, protocol: sse}\n"),
              HasSubstr("transport.protocol: sse is for a vendor with a url"));
}

TEST(DefinitionReader, BadSlugIsRefused) {
  for (const std::string slug :
       {"Acme", "a__b", "a_b", "-a", "a-", "a.b", "ä", "gateway", "mcp", "123456789012345678901234567890123"}) {
    EXPECT_THAT(refusal("name: Acme\nslug: " + slug + "\n"), StartsWith("acme.yaml:2: slug: ")) << slug;
  }
  EXPECT_THAT(refusal("name: Acme\n"), HasSubstr("slug: is required"));
}

TEST(DefinitionReader, HeadersThatTheGatewayOrHttpSetAreRefused) {
  for (const std::string header : {"Host", "connection", "Transfer-Encoding", "Content-Type", "content-length",
                                   "Mcp-Session-Id", "MCP-Protocol-Version", "Accept", "Accept-Encoding", "TE",
                                   "X-Gateway-S2S", "Upgrade", "traceparent", "'X Key'", "'X:Key'", "X-Schlüssel"}) {
    EXPECT_THAT(refusal(field("      header: " + header + "\n")), StartsWith("acme.yaml:9: credential.")) << header;
  }
  for (const std::string header : {"X-API-Key", "Authorization", "Cookie"}) {
    EXPECT_EQ(refusal(field("      header: " + header + "\n")), "accepted") << header;
  }
}

TEST(DefinitionReader, VariableThatWouldChooseTheCodeOfACommandIsRefusedForACredential) {
  for (const std::string env : {"LD_PRELOAD", "PATH", "NODE_OPTIONS", "DYLD_INSERT_LIBRARIES", "1A", "A-B", "'A=B'"}) {
    EXPECT_THAT(refusal(field("      header: X-K\n      env: " + env + "\n")), HasSubstr(".env: ")) << env;
  }
}

TEST(DefinitionReader, BadValuesSayWhatWasExpected) {
  const std::string open = vendor_test::kOpenVendor;
  const std::vector<std::pair<std::string, std::string>> cases{
      {open + "enabled: perhaps\n", "acme.yaml:5: enabled: expected true or false"},
      {open + "health: {check: telepathy}\n", "health.check: expected one of mcp, http, none"},
      {open + "health: {check: http, path: health}\n", "health.path: expected a path that begins with '/'"},
      {open + "health: {path: /health}\n", "health.path: is only for check: http"},
      {open + "timeouts: {call: 0s}\n", "timeouts.call: expected a duration from 1s to 1h"},
      {open + "documentation: 'javascript:alert(1)'\n", "documentation: expected an absolute http or https URL"},
      {open + "credential: {probe: {arguments: {a: 1}}}\n", "arguments: needs a tool beside it"},
      {open + "description: \"a\\u0007b\"\n", "description: holds a line break or another control character"},
      {"slug: acme\nname: Acme\ntransport: {url: ftp://x/}\n", "transport.url: expected an absolute http or https URL"},
      {"slug: acme\nname: Acme\ntransport: {url: /mcp}\n", "transport.url: expected an absolute http or https URL"},
      {"slug: acme\nname: Acme\ntransport: {signing_secret: abc}\n", "signing_secret: needs a url beside it"},
      {"slug: acme\nname: Acme\nenabled: true\n", "enabled: a vendor that is switched on needs a url or a command"},
      {"slug: acme\nname: Acme\ntransport: {type: stdio}\nhealth: {check: http}\n", "needs a transport of type http"},
      {"slug: acme\nname: Acme\ntransport: {type: stdio, env: {A-B: x}}\n", "transport.env.A-B: expected the name"},
      {"[1, 2]", "expected a mapping of keys"},
      {"slug: [", "acme.yaml:1: not YAML"},
      {"", "expected one YAML document"},
      {open + "---\nslug: other\n", "expected one YAML document"},
      {",slug: acme", "expected one YAML document"},
      {open + ", enabled: true\n", "acme.yaml:5: "},
  };
  for (const auto& [text, expected] : cases) EXPECT_THAT(refusal(text), HasSubstr(expected)) << text;
}

TEST(DefinitionReader, BadFieldsSayWhatWasExpected) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "a field needs a header, an env, or both"},
      {"      env: ACME_KEY\n", "its field \"k\" has no header"},
      {"      env: ACME_KEY\n      prefix: x\n", "prefix: needs a header beside it"},
      {"      header: X-K\n      choices: [a, b]\n      default: c\n", "default: expected one of the choices (a, b)"},
      {"      header: X-K\n    - name: k\n      label: L\n      header: X-L\n", "name: another field has this name"},
      {"      header: X-K\n    - name: l\n      label: L\n      header: x-k\n", "header: another field goes there"},
      {"      header: X-K\n      prefix: \"a\\nb\"\n", "prefix: holds a line break"},
  };
  for (const auto& [lines, expected] : cases) EXPECT_THAT(refusal(field(lines)), HasSubstr(expected)) << lines;
}

TEST(DefinitionReader, NulOrAnotherControlCharacterIsRefusedBeforeTheParserLoopsOnIt) {
  EXPECT_EQ(refusal(std::string("slug: acme\nname: A\0\0B\n", 23)), "acme.yaml:2: holds a control character");
  EXPECT_EQ(refusal("slug: acme\x04\n"), "acme.yaml:1: holds a control character");
  EXPECT_EQ(refusal("slug: acme\nname: \xff\n"), "acme.yaml: is not UTF-8");
}

TEST(DefinitionReader, AliasThatContainsItselfIsRefusedInProbeArguments) {
  EXPECT_THAT(refusal(std::string(vendor_test::kOpenVendor) +
                      "credential:\n  probe:\n    tool: t\n    arguments: &a {again: *a}\n"),
              StartsWith("acme.yaml:"));
}

TEST(DefinitionReader, SigningSecretIsNotRepeatedInARefusal) {
  EXPECT_THAT(refusal("slug: acme\nname: Acme\ntransport: {signing_secret: hush-hush}\n"),
              testing::Not(HasSubstr("hush-hush")));
}

class Directory : public testing::Test {
 protected:
  Directory() { std::filesystem::create_directories(path_); }
  ~Directory() override { std::filesystem::remove_all(path_); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path_ / name) << text; }

  const std::filesystem::path path_ =
      std::filesystem::path(testing::TempDir()) /
      ("definitions-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) +
       std::to_string(getpid()));
};

TEST_F(Directory, EveryYamlFileIsReadAndOthersAreNot) {
  write("a.yaml", "slug: a\nname: A\n");
  write("b.yml", "slug: b\nname: B\n");
  write("notes.txt", "not: [yaml");
  write(".hidden.yaml", "not: [yaml");
  const auto all = vendor::load_definitions(path_.string());
  EXPECT_EQ(all.size(), 2U);
  EXPECT_EQ(all.at("b")->name, "B");
}

TEST_F(Directory, TwoFilesWithOneSlugAreRefusedAndBothNamed) {
  write("a.yaml", "slug: a\nname: A\n");
  write("b.yaml", "slug: a\nname: B\n");
  EXPECT_THAT(vendor_test::refusal([&] { (void)vendor::load_definitions(path_.string()); }),
              testing::AllOf(HasSubstr("b.yaml: slug: \"a\" is defined in"), HasSubstr("a.yaml already")));
}

TEST_F(Directory, OverlongFileIsRefused) {
  write("a.yaml", "slug: a\nname: A\n#" + std::string(300 << 10, 'x'));
  EXPECT_THAT(vendor_test::refusal([&] { (void)vendor::load_definitions(path_.string()); }),
              HasSubstr("longer than 256 KiB"));
}

TEST_F(Directory, MissingDirectoryIsRefusedByName) {
  EXPECT_THAT(vendor_test::refusal([&] { (void)vendor::load_definitions((path_ / "none").string()); }),
              HasSubstr("none: cannot be read"));
}

}  // namespace
