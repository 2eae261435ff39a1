#include "vendor/detail/definition_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "vendor/detail/definition_rules.hpp"

namespace vendor::detail {

using base::YamlMap;
using namespace std::chrono_literals;

void refuse_if(const YamlMap& map, const std::string& key, const std::string& wrong) {
  if (!wrong.empty()) map.refuse(key, wrong);
}

http::Url url_of(const YamlMap& map, const std::string& key, const std::string& text) {
  auto url = http::parse_url(text);
  if (!url) map.refuse(key, fmt::format("expected an absolute http or https URL: {}", url.error().message));
  return *std::move(url);
}

std::map<std::string, std::string> environment(YamlMap map) {
  std::map<std::string, std::string> all;
  for (const auto& name : map.keys()) {
    refuse_if(map, name, wrong_with_environment_name(name));
    all[name] = map.text(name, "");
    if (all[name].contains('\0')) map.refuse(name, "holds a NUL character");
  }
  return all;
}

base::SecretString signing_secret(YamlMap& map) {
  auto secret = map.text("signing_secret", "");
  if (has_control_character(secret)) map.refuse("signing_secret", "holds a control character");
  return base::SecretString(std::move(secret));
}

void read_timeouts(YamlMap& map, const std::string& call, const std::string& list, Definition& definition) {
  definition.call_timeout = map.duration(call, definition.call_timeout, 1s, 1h);
  definition.list_timeout = map.duration(list, definition.list_timeout, 100ms, 5min);
}

Protocol protocol(YamlMap& map, const Definition& definition) {
  // In the order of the enumerators.
  static const std::vector<std::string> kNames{"auto", "legacy", "modern", "sse"};
  const auto name = map.one_of("protocol", kNames[static_cast<std::size_t>(definition.protocol)], kNames);
  const auto chosen = static_cast<Protocol>(std::ranges::find(kNames, name) - kNames.begin());
  if (chosen == Protocol::sse && definition.stdio) map.refuse("protocol", "sse is for a vendor with a url");
  return chosen;
}

bool has_transport(const Definition& definition) {
  return definition.http || (definition.stdio && !definition.stdio->command.empty());
}

// A vendor that is switched on can be reached, and every field has a place in its transport.
std::string wrong_with_enabled(const Definition& definition) {
  if (!definition.enabled) return {};
  if (!has_transport(definition)) return "a vendor that is switched on needs a url or a command";
  for (const auto& field : definition.fields) {
    const auto& place = definition.http ? field.header : field.env;
    if (!place.empty()) continue;
    return fmt::format("the vendor is reached over {}, but its field \"{}\" has no {}",
                       definition.http ? "http" : "stdio", field.name, definition.http ? "header" : "env");
  }
  return {};
}

}  // namespace vendor::detail
