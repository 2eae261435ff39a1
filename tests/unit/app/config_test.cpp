#include "app/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "app/people.hpp"
#include "fake/source_tree.hpp"

namespace {

using testing::HasSubstr;

class Configuration : public testing::Test {
 protected:
  Configuration() : file_(testing::TempDir() + "gateway-" + std::to_string(getpid()) + ".yaml") {}
  ~Configuration() override { std::filesystem::remove(file_); }

  app::Config load(const std::string& text, const app::Environment& environment = {}) {
    std::ofstream(file_) << text;
    return app::load_config(file_, environment);
  }
  std::string refusal(const std::string& text, const app::Environment& environment = {}) {
    try {
      load(text, environment);
    } catch (const base::ConfigError& e) {
      return e.what();
    }
    return "accepted";
  }

  std::string file_;
};

std::string document() {
  std::ifstream in(fake::source_tree() + "/docs/configuration.md");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// The keys in the first column of the reference's table.
std::set<std::string> documented_keys() {
  std::set<std::string> keys;
  const auto text = document();
  const std::regex row(R"(\n\| (`[^|]+) \|)");
  const std::regex key(R"(`([a-z_.]+)`)");
  for (std::sregex_iterator it(text.begin(), text.end(), row), end; it != end; ++it) {
    const auto cell = it->str(1);
    for (std::sregex_iterator k(cell.begin(), cell.end(), key); k != end; ++k) keys.insert(k->str(1));
  }
  return keys;
}

TEST_F(Configuration, NothingAtAllIsAGoodConfiguration) {
  const auto config = app::load_config("", {});
  EXPECT_EQ(config.listen.port, 8080);
  EXPECT_TRUE(config.demo);
}

TEST_F(Configuration, EveryKeyIsDocumentedAndEveryDocumentedKeyExists) {
  const auto& keys = app::config_keys();
  EXPECT_EQ(documented_keys(), std::set<std::string>(keys.begin(), keys.end()));
}

// A key of the list that the reader does not know would be refused as unknown.
TEST_F(Configuration, EveryKeyIsReadFromItsVariable) {
  for (const auto& key : app::config_keys()) {
    const auto said = refusal("", {{app::variable_of(key), "{}"}});
    EXPECT_THAT(said, testing::Not(HasSubstr("unknown key"))) << key;
  }
}

TEST_F(Configuration, UnknownKeyIsRefusedWithFileAndLine) {
  EXPECT_THAT(refusal("listen: 127.0.0.1:1\n\nlimits:\n  boddy: 3\n"),
              testing::AllOf(HasSubstr(file_ + ":4:"), HasSubstr("limits.boddy: unknown key"), HasSubstr("body")));
}

TEST_F(Configuration, BadValuesSayWhatWasExpected) {
  EXPECT_THAT(refusal("listen: 8080\n"), HasSubstr("expected address:port"));
  EXPECT_THAT(refusal("public_url: https://a.example/path\n"), HasSubstr("without a path"));
  EXPECT_THAT(refusal("oauth: {access_token_lifetime: 30s}\n"), HasSubstr("from 10m"));
  EXPECT_THAT(refusal("tls: {certificate: a.pem}\n"), HasSubstr("go together"));
  EXPECT_THAT(refusal("vendor_overrides: {nobody: {url: http://x/}}\n"), HasSubstr("there is no vendor"));
}

TEST_F(Configuration, VariableWinsOverTheFile) {
  EXPECT_EQ(load("listen: 127.0.0.1:1\n", {{"MCPGW_LISTEN", "127.0.0.1:2"}}).listen.port, 2);
  EXPECT_EQ(load("log: {level: warn}\n", {{"MCPGW_LOG_LEVEL", "debug"}}).log_level, base::LogLevel::debug);
}

TEST_F(Configuration, UnknownVariableIsRefused) {
  EXPECT_THAT(refusal("", {{"MCPGW_LISTEN_PORT", "1"}}), HasSubstr("MCPGW_LISTEN_PORT"));
}

TEST_F(Configuration, OverrideSwitchesAShippedVendorOn) {
  const auto config = load("vendors: {catalog: " + fake::source_tree() +
                           "/catalog}\n"
                           "vendor_overrides: {hudu: {url: http://127.0.0.1:9/mcp}}\n");
  ASSERT_TRUE(config.definitions.contains("hudu"));
  EXPECT_TRUE(config.definitions.at("hudu")->enabled);
  EXPECT_FALSE(config.definitions.at("itglue")->enabled);
}

TEST_F(Configuration, DemoVendorsAreOnUnlessTheyOrTheDemoAreSwitchedOff) {
  const auto catalog = "catalog: " + fake::source_tree() + "/catalog";
  const auto both = load("vendors: {" + catalog + "}\n");
  EXPECT_TRUE(both.definitions.at("demo-docs")->enabled);
  EXPECT_TRUE(both.definitions.at("demo-tickets")->enabled);
  const auto one = load("vendors: {" + catalog + "}\nvendor_overrides: {demo-docs: {enabled: false}}\n");
  EXPECT_FALSE(one.definitions.at("demo-docs")->enabled);
  EXPECT_TRUE(one.definitions.at("demo-tickets")->enabled);
  const auto none = load("vendors: {demo: false, " + catalog + "}\n");
  EXPECT_FALSE(none.definitions.at("demo-docs")->enabled);
  EXPECT_FALSE(none.definitions.at("demo-tickets")->enabled);
}

TEST_F(Configuration, ADemoVendorCanRunElsewhere) {
  const auto config = load("vendors: {catalog: " + fake::source_tree() +
                           "/catalog}\n"
                           "vendor_overrides: {demo-docs: {url: http://127.0.0.1:9/mcp}}\n");
  EXPECT_EQ(config.definitions.at("demo-docs")->http->url.origin.port, 9);
}

TEST_F(Configuration, PublicUrlFollowsTheListenAddressUnlessSet) {
  auto config = load("listen: 127.0.0.1:0\n");
  EXPECT_EQ(app::public_url_of(config, 4711), "http://127.0.0.1:4711");
  config.public_url = "https://mcp.example.com";
  EXPECT_EQ(app::public_url_of(config, 4711), "https://mcp.example.com");
}

}  // namespace
