// Strict reading of one YAML mapping: every key must be known, every value of its type and range; a refusal says
// file, line, what was found and what was expected. For configuration and vendor definitions, at start only.
//
//   YamlMap map(node, "gateway.yaml");
//   auto listen = map.text("listen", "127.0.0.1:8080");
//   map.finish();   // throws for keys nobody asked for
//
// Errors: ConfigError, thrown (start-up only).
#pragma once

#include <yaml-cpp/yaml.h>

#include <chrono>
#include <cstdint>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace base {

// what() is "file:line: key: message".
class ConfigError : public std::runtime_error {
 public:
  ConfigError(const std::string& file, const YAML::Node& at, const std::string& message);
  explicit ConfigError(const std::string& message) : std::runtime_error(message) {}
};

// Parses a file, or text under a name for messages.
[[nodiscard]] YAML::Node load_yaml_file(const std::string& path);
[[nodiscard]] YAML::Node load_yaml_text(const std::string& text, const std::string& name);

class YamlMap {
 public:
  // A missing (undefined or null) node reads as an empty mapping.
  YamlMap(const YAML::Node& node, std::string file, std::string path = {});

  [[nodiscard]] bool has(const std::string& key) const;
  // Each takes the key as known and returns its value, or `otherwise` when the key is absent.
  [[nodiscard]] std::string text(const std::string& key, const std::string& otherwise);
  [[nodiscard]] std::string required_text(const std::string& key);
  [[nodiscard]] bool boolean(const std::string& key, bool otherwise);
  [[nodiscard]] std::int64_t number(const std::string& key, std::int64_t otherwise, std::int64_t low,
                                    std::int64_t high);
  // "250ms", "30s", "15m", "12h", "30d".
  [[nodiscard]] std::chrono::milliseconds duration(const std::string& key, std::chrono::milliseconds otherwise,
                                                   std::chrono::milliseconds low, std::chrono::milliseconds high);
  // "512", "64KiB", "4MiB", "1GiB", in bytes.
  [[nodiscard]] std::size_t size(const std::string& key, std::size_t otherwise, std::size_t low, std::size_t high);
  [[nodiscard]] std::string one_of(const std::string& key, const std::string& otherwise,
                                   const std::vector<std::string>& choices);
  [[nodiscard]] std::vector<std::string> texts(const std::string& key);
  [[nodiscard]] YamlMap map(const std::string& key);
  // The mappings of a sequence.
  [[nodiscard]] std::vector<YamlMap> maps(const std::string& key);
  // Keys in file order; marks none as known.
  [[nodiscard]] std::vector<std::string> keys() const;
  // The raw value, for what is passed on as JSON (probe arguments).
  [[nodiscard]] YAML::Node node(const std::string& key);

  // Throws for the first key that nobody asked for, with the known ones in the message.
  void finish() const;
  [[noreturn]] void refuse(const std::string& key, const std::string& message) const;

 private:
  [[nodiscard]] YAML::Node take(const std::string& key);
  YAML::Node node_;
  std::string file_;
  std::string path_;
  std::set<std::string> known_;
};

}  // namespace base
