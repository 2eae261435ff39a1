#include "base/yaml.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;

std::string refusal(const std::string& text, void (*read)(base::YamlMap&)) {
  try {
    base::YamlMap map(base::load_yaml_text(text, "gateway.yaml"), "gateway.yaml");
    read(map);
    map.finish();
  } catch (const base::ConfigError& e) {
    return e.what();
  }
  return "accepted";
}

TEST(Yaml, UnknownKeyIsRefusedWithFileLineAndTheKnownKeys) {
  EXPECT_EQ(refusal("listen: a\nlisten_port: 8080\n", [](base::YamlMap& m) { (void)m.text("listen", ""); }),
            "gateway.yaml:2: listen_port: unknown key; known here: listen");
}

TEST(Yaml, BadDurationNamesTheRangeAndAnExample) {
  EXPECT_THAT(refusal("\nidle: 3 weeks\n", [](base::YamlMap& m) { (void)m.duration("idle", 1s, 1s, 24h); }),
              testing::StartsWith("gateway.yaml:2: idle: expected a duration from 1s to 1d"));
}

TEST(Yaml, KeyThatStandsTwiceIsRefused) {
  EXPECT_THAT(refusal("a: 1\na: 2\n", [](base::YamlMap& m) { (void)m.text("a", ""); }),
              testing::HasSubstr("a: stands here twice"));
}

TEST(Yaml, NestedKeyIsNamedByItsWholePath) {
  EXPECT_EQ(refusal("log:\n  level: loud\n",
                    [](base::YamlMap& m) { (void)m.map("log").one_of("level", "info", {"debug", "info"}); }),
            "gateway.yaml:2: log.level: expected one of debug, info, found \"loud\"");
}

TEST(Yaml, AbsentMappingReadsAsAnEmptyOne) {
  base::YamlMap map(base::load_yaml_text("a: 1\n", "t"), "t");
  EXPECT_EQ(map.map("log").text("level", "info"), "info");
  EXPECT_TRUE(map.maps("vendors").empty());
  EXPECT_FALSE(map.node("arguments").IsMap());
}

TEST(Yaml, SizesAndDurationsHaveUnits) {
  base::YamlMap map(base::load_yaml_text("size: 4MiB\ntime: 15m\n", "t"), "t");
  EXPECT_EQ(map.size("size", 0, 0, 1 << 30), 4U << 20);
  EXPECT_EQ(map.duration("time", 1s, 1s, 24h), 15min);
}

TEST(Yaml, BrokenFileSaysWhere) {
  EXPECT_THAT(refusal("a: [1\n", [](base::YamlMap&) {}), testing::StartsWith("gateway.yaml:"));
}

TEST(Yaml, NulByteIsRefusedInsteadOfReadForEver) {
  EXPECT_THAT(refusal(std::string("a: 1\n\0", 6), [](base::YamlMap&) {}), testing::HasSubstr("NUL byte"));
}

}  // namespace
