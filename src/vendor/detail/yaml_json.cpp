#include "vendor/detail/yaml_json.hpp"

#include <boost/json/parse.hpp>

namespace vendor::detail {
namespace {

namespace json = boost::json;

constexpr int kDeepest = 16;
constexpr int kMostValues = 1000;

json::value scalar(const YAML::Node& node) {
  // yaml-cpp tags a plain scalar "?", a quoted one "!".
  if (node.Tag() == "?" || node.Tag().empty()) {
    boost::system::error_code error;
    auto parsed = json::parse(node.Scalar(), error);
    if (!error && (parsed.is_bool() || parsed.is_number())) return parsed;
  }
  return json::value(node.Scalar());
}

// Counts down `left`, the values still allowed.
std::optional<json::value> convert(const YAML::Node& node, int depth, int& left) {
  if (depth > kDeepest || --left < 0) return std::nullopt;
  if (node.IsSequence()) {
    json::array array;
    for (const auto& item : node) {
      auto value = convert(item, depth + 1, left);
      if (!value) return std::nullopt;
      array.push_back(*std::move(value));
    }
    return array;
  }
  if (node.IsMap()) {
    json::object object;
    for (const auto& entry : node) {
      auto value = convert(entry.second, depth + 1, left);
      if (!value) return std::nullopt;
      object[entry.first.Scalar()] = *std::move(value);
    }
    return object;
  }
  if (node.IsScalar()) return scalar(node);
  return json::value(nullptr);
}

}  // namespace

std::optional<boost::json::value> to_json(const YAML::Node& node) {
  int left = kMostValues;
  return convert(node, 0, left);
}

}  // namespace vendor::detail
