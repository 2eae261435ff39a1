#include "base/yaml.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>

namespace base {
namespace {

struct Unit {
  std::string_view suffix;
  std::int64_t factor;
};

// Digits followed by exactly one of the units.
std::optional<std::int64_t> with_unit(std::string_view text, std::initializer_list<Unit> units) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0) return std::nullopt;
  const std::string_view suffix(end, text.data() + text.size());
  for (const auto& unit : units) {
    if (unit.suffix != suffix) continue;
    std::int64_t value = 0;
    if (__builtin_mul_overflow(number, unit.factor, &value)) return std::nullopt;
    return value;
  }
  return std::nullopt;
}

std::string shown(std::chrono::milliseconds duration) {
  const auto ms = duration.count();
  if (ms % 86'400'000 == 0 && ms > 0) return fmt::format("{}d", ms / 86'400'000);
  if (ms % 3'600'000 == 0 && ms > 0) return fmt::format("{}h", ms / 3'600'000);
  if (ms % 60'000 == 0 && ms > 0) return fmt::format("{}m", ms / 60'000);
  if (ms % 1000 == 0 && ms > 0) return fmt::format("{}s", ms / 1000);
  return fmt::format("{}ms", ms);
}

}  // namespace

ConfigError::ConfigError(const std::string& file, const YAML::Node& at, const std::string& message)
    : std::runtime_error(at.Mark().is_null() ? fmt::format("{}: {}", file, message)
                                             : fmt::format("{}:{}: {}", file, at.Mark().line + 1, message)) {}

YAML::Node load_yaml_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw ConfigError(fmt::format("{}: cannot be read; does it exist?", path));
  return load_yaml_text({std::istreambuf_iterator<char>(file), {}}, path);
}

YAML::Node load_yaml_text(const std::string& text, const std::string& name) {
  // yaml-cpp 0.7 never returns from one.
  if (text.contains('\0')) throw ConfigError(fmt::format("{}: not YAML: it holds a NUL byte", name));
  try {
    return YAML::Load(text);
  } catch (const YAML::ParserException& e) {
    throw ConfigError(fmt::format("{}:{}: not YAML: {}", name, e.mark.line + 1, e.msg));
  }
}

YamlMap::YamlMap(const YAML::Node& node, std::string file, std::string path)
    : node_(node), file_(std::move(file)), path_(std::move(path)) {
  if (!node_.IsDefined() || node_.IsNull()) node_ = YAML::Node(YAML::NodeType::Map);
  if (!node_.IsMap()) {
    throw ConfigError(file_, node_, fmt::format("{}: expected a mapping of keys", path_.empty() ? "document" : path_));
  }
  std::set<std::string> seen;
  for (const auto& entry : node_) {
    if (!seen.insert(entry.first.Scalar()).second) refuse(entry.first.Scalar(), "stands here twice");
  }
}

bool YamlMap::has(const std::string& key) const {
  const auto value = node_[key];
  return value.IsDefined() && !value.IsNull();
}

YAML::Node YamlMap::take(const std::string& key) {
  known_.insert(key);
  const YAML::Node& map = node_;  // the const operator[] does not add the key
  // For an absent key it gives a node that throws when it is assigned to: give a null one instead.
  return has(key) ? map[key] : YAML::Node();
}

std::string YamlMap::text(const std::string& key, const std::string& otherwise) {
  const auto value = take(key);
  if (!has(key)) return otherwise;
  if (!value.IsScalar()) refuse(key, "expected a text");
  return value.Scalar();
}

std::string YamlMap::required_text(const std::string& key) {
  auto value = text(key, "");
  if (value.empty()) refuse(key, "is required");
  return value;
}

bool YamlMap::boolean(const std::string& key, bool otherwise) {
  const auto value = text(key, otherwise ? "true" : "false");
  if (value == "true") return true;
  if (value == "false") return false;
  refuse(key, fmt::format("expected true or false, found \"{}\"", value));
}

std::int64_t YamlMap::number(const std::string& key, std::int64_t otherwise, std::int64_t low, std::int64_t high) {
  const auto value = text(key, std::to_string(otherwise));
  const auto parsed = with_unit(value, {{"", 1}});
  if (!parsed || *parsed < low || *parsed > high) {
    refuse(key, fmt::format("expected a number from {} to {}, found \"{}\"", low, high, value));
  }
  return *parsed;
}

std::chrono::milliseconds YamlMap::duration(const std::string& key, std::chrono::milliseconds otherwise,
                                            std::chrono::milliseconds low, std::chrono::milliseconds high) {
  const auto value = text(key, "");
  if (value.empty()) return otherwise;
  const auto parsed = with_unit(value, {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}});
  if (!parsed || *parsed < low.count() || *parsed > high.count()) {
    refuse(key, fmt::format("expected a duration from {} to {} (like 250ms, 30s, 15m, 12h, 30d), found \"{}\"",
                            shown(low), shown(high), value));
  }
  return std::chrono::milliseconds(*parsed);
}

std::size_t YamlMap::size(const std::string& key, std::size_t otherwise, std::size_t low, std::size_t high) {
  const auto value = text(key, "");
  if (value.empty()) return otherwise;
  const auto parsed = with_unit(value, {{"", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}});
  if (!parsed || static_cast<std::size_t>(*parsed) < low || static_cast<std::size_t>(*parsed) > high) {
    refuse(key,
           fmt::format("expected a size from {} to {} bytes (like 512, 64KiB, 4MiB), found \"{}\"", low, high, value));
  }
  return static_cast<std::size_t>(*parsed);
}

std::string YamlMap::one_of(const std::string& key, const std::string& otherwise,
                            const std::vector<std::string>& choices) {
  auto value = text(key, otherwise);
  if (std::ranges::find(choices, value) == choices.end()) {
    refuse(key, fmt::format("expected one of {}, found \"{}\"", fmt::join(choices, ", "), value));
  }
  return value;
}

std::vector<std::string> YamlMap::texts(const std::string& key) {
  const auto value = take(key);
  if (!has(key)) return {};
  if (!value.IsSequence()) refuse(key, "expected a list");
  std::vector<std::string> all;
  for (const auto& item : value) {
    if (!item.IsScalar()) refuse(key, "expected a list of texts");
    all.push_back(item.Scalar());
  }
  return all;
}

YamlMap YamlMap::map(const std::string& key) { return {take(key), file_, path_.empty() ? key : path_ + "." + key}; }

std::vector<YamlMap> YamlMap::maps(const std::string& key) {
  const auto value = take(key);
  if (!has(key)) return {};
  if (!value.IsSequence()) refuse(key, "expected a list");
  const auto place = path_.empty() ? key : path_ + "." + key;
  std::vector<YamlMap> all;
  for (const auto& item : value) all.emplace_back(item, file_, fmt::format("{}[{}]", place, all.size()));
  return all;
}

std::vector<std::string> YamlMap::keys() const {
  std::vector<std::string> all;
  for (const auto& entry : node_) all.push_back(entry.first.Scalar());
  return all;
}

YAML::Node YamlMap::node(const std::string& key) { return take(key); }

void YamlMap::finish() const {
  for (const auto& entry : node_) {
    const auto& key = entry.first.Scalar();
    if (!known_.contains(key)) {
      throw ConfigError(file_, entry.first,
                        fmt::format("{}{}: unknown key; known here: {}", path_.empty() ? "" : path_ + ".", key,
                                    fmt::join(known_, ", ")));
    }
  }
}

void YamlMap::refuse(const std::string& key, const std::string& message) const {
  const YAML::Node& map = node_;
  const auto at = map[key].IsDefined() ? map[key] : node_;
  throw ConfigError(file_, at, fmt::format("{}{}: {}", path_.empty() ? "" : path_ + ".", key, message));
}

}  // namespace base
