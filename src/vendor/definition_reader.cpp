#include "vendor/definition_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <simdjson.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "vendor/detail/definition_parts.hpp"
#include "vendor/detail/definition_rules.hpp"
#include "vendor/detail/yaml_document.hpp"
#include "vendor/detail/yaml_json.hpp"

namespace vendor {
namespace {

using base::ConfigError;
using base::YamlMap;

constexpr std::size_t kLongestFile = 256 << 10;
constexpr std::size_t kMostVendors = 1000;
constexpr std::size_t kMostFields = 32;
constexpr std::size_t kLongestLabel = 80;
constexpr std::size_t kLongestProse = 1000;
constexpr std::size_t kLongestValue = 4096;

// Text for people; a folded YAML block ends in a line break, which is dropped.
std::string prose(YamlMap& map, const std::string& key, std::size_t longest) {
  auto text = map.text(key, "");
  while (text.ends_with('\n') || text.ends_with(' ')) text.pop_back();
  detail::refuse_if(map, key, detail::wrong_with_text(text, longest));
  return text;
}

std::string required_prose(YamlMap& map, const std::string& key, std::size_t longest) {
  auto text = prose(map, key, longest);
  if (text.empty()) map.refuse(key, "is required");
  return text;
}

// Links may carry a fragment, which parse_url does not take.
std::string link(YamlMap& map, const std::string& key) {
  auto text = prose(map, key, kLongestProse);
  if (!text.empty()) (void)detail::url_of(map, key, text.substr(0, text.find('#')));
  return text;
}

void read_http_transport(YamlMap& map, Definition& definition) {
  const auto url = map.text("url", "");
  auto secret = detail::signing_secret(map);
  if (url.empty() && !secret.empty()) map.refuse("signing_secret", "needs a url beside it");
  if (!url.empty()) definition.http = HttpTransport{detail::url_of(map, "url", url), std::move(secret)};
}

void read_stdio_transport(YamlMap& map, Definition& definition) {
  definition.stdio = StdioTransport{map.text("command", ""), map.texts("args"), detail::environment(map.map("env"))};
}

void read_transport(YamlMap map, Definition& definition) {
  if (map.one_of("type", "http", {"http", "stdio"}) == "http") {
    read_http_transport(map, definition);
  } else {
    read_stdio_transport(map, definition);
  }
  definition.protocol = detail::protocol(map, definition);
  map.finish();
}

void read_health(YamlMap map, Definition& definition) {
  const auto check = map.one_of("check", "mcp", {"mcp", "http", "none"});
  definition.health_check = check == "mcp" ? HealthCheck::mcp : check == "http" ? HealthCheck::http : HealthCheck::none;
  if (definition.health_check == HealthCheck::http) {
    if (definition.stdio) map.refuse("check", "http needs a transport of type http");
    definition.health_path = map.text("path", "/health");
    if (!definition.health_path.starts_with('/') || definition.health_path.contains(' ') ||
        detail::has_control_character(definition.health_path)) {
      map.refuse("path", fmt::format("expected a path that begins with '/', found \"{}\"", definition.health_path));
    }
  } else if (!map.text("path", "").empty()) {
    map.refuse("path", "is only for check: http");
  }
  map.finish();
}

void read_places(YamlMap& map, Field& field) {
  field.header = map.text("header", "");
  field.prefix = map.text("prefix", "");
  field.env = map.text("env", "");
  if (field.header.empty() && field.env.empty()) {
    map.refuse("header", "a field needs a header, an env, or both: the place its value goes to");
  }
  if (!field.header.empty()) detail::refuse_if(map, "header", detail::wrong_with_header(field.header));
  if (!field.env.empty()) detail::refuse_if(map, "env", detail::wrong_with_credential_variable(field.env));
  if (!field.prefix.empty() && field.header.empty()) map.refuse("prefix", "needs a header beside it");
  detail::refuse_if(map, "prefix", detail::wrong_with_text(field.prefix, kLongestLabel));
}

void read_choices(YamlMap& map, Field& field) {
  field.choices = map.texts("choices");
  for (const auto& choice : field.choices) {
    if (choice.empty()) map.refuse("choices", "holds an empty choice");
    detail::refuse_if(map, "choices", detail::wrong_with_text(choice, kLongestLabel));
  }
  field.default_value = map.text("default", "");
  detail::refuse_if(map, "default", detail::wrong_with_text(field.default_value, kLongestValue));
  if (field.default_value.empty() || field.choices.empty()) return;
  if (std::ranges::find(field.choices, field.default_value) == field.choices.end()) {
    map.refuse("default", fmt::format("expected one of the choices ({})", fmt::join(field.choices, ", ")));
  }
}

Field read_field(YamlMap& map) {
  Field field;
  field.name = map.required_text("name");
  detail::refuse_if(map, "name", detail::wrong_with_field_name(field.name));
  field.label = required_prose(map, "label", kLongestLabel);
  field.help = prose(map, "help", kLongestProse);
  field.secret = map.boolean("secret", true);
  field.required = map.boolean("required", true);
  read_choices(map, field);
  read_places(map, field);
  map.finish();
  return field;
}

// Two fields with one name or one place would overwrite each other. Headers compare without case.
std::string lower(std::string text) {
  for (auto& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

void read_fields(YamlMap& credential, Definition& definition) {
  std::set<std::string> names;
  std::set<std::string> headers;
  std::set<std::string> variables;
  for (auto& map : credential.maps("fields")) {
    auto field = read_field(map);
    if (!names.insert(field.name).second) map.refuse("name", "another field has this name");
    if (!field.header.empty() && !headers.insert(lower(field.header)).second) {
      map.refuse("header", "another field goes there");
    }
    if (!field.env.empty() && !variables.insert(field.env).second) map.refuse("env", "another field goes there");
    definition.fields.push_back(std::move(field));
  }
  if (definition.fields.size() > kMostFields) credential.refuse("fields", fmt::format("more than {}", kMostFields));
}

std::string probe_arguments(YamlMap& map) {
  const auto node = map.node("arguments");
  if (node.IsNull()) return "{}";
  std::optional<boost::json::value> value;
  if (node.IsScalar()) {
    boost::system::error_code error;
    value = boost::json::parse(node.Scalar(), error);
    if (error) value.reset();
  } else {
    value = detail::to_json(node);
  }
  if (!value || !value->is_object()) {
    map.refuse("arguments", "expected a mapping, or a text with a JSON object, of at most 16 levels and 1000 values");
  }
  auto text = boost::json::serialize(*value);
  if (!detail::wrong_with_text(text, kLongestValue).empty()) map.refuse("arguments", "are too long, or not UTF-8");
  return text;
}

void read_probe(YamlMap map, Definition& definition) {
  definition.probe_tool = prose(map, "tool", 128);
  definition.probe_arguments = probe_arguments(map);
  if (definition.probe_tool.empty() && map.has("arguments")) map.refuse("arguments", "needs a tool beside it");
  map.finish();
}

void read_credential(YamlMap map, Definition& definition) {
  read_fields(map, definition);
  read_probe(map.map("probe"), definition);
  map.finish();
}

Definition read(YamlMap map) {
  Definition definition;
  definition.slug = map.required_text("slug");
  detail::refuse_if(map, "slug", detail::wrong_with_slug(definition.slug));
  definition.name = required_prose(map, "name", kLongestLabel);
  definition.description = prose(map, "description", kLongestProse);
  definition.documentation = link(map, "documentation");

  read_transport(map.map("transport"), definition);
  read_health(map.map("health"), definition);
  read_credential(map.map("credential"), definition);
  auto timeouts = map.map("timeouts");
  detail::read_timeouts(timeouts, "call", "list", definition);
  timeouts.finish();

  definition.enabled = map.boolean("enabled", detail::has_transport(definition));
  map.finish();
  detail::refuse_if(map, "enabled", detail::wrong_with_enabled(definition));
  return definition;
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text(kLongestFile + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || !in.is_open()) throw ConfigError(fmt::format("{}: cannot be read", path.string()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kLongestFile) throw ConfigError(fmt::format("{}: longer than 256 KiB", path.string()));
  return text;
}

// YAML 1.2 section 5.1 allows no other control characters; yaml-cpp 0.7 reads on for ever at a NUL.
void check_characters(const std::string& text, const std::string& file) {
  const auto bad = std::ranges::find_if(text, [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f;
  });
  if (bad != text.end()) {
    const auto line = 1 + std::count(text.begin(), bad, '\n');
    throw ConfigError(fmt::format("{}:{}: holds a control character", file, line));
  }
  if (!simdjson::validate_utf8(text.data(), text.size())) throw ConfigError(fmt::format("{}: is not UTF-8", file));
}

// In order of name, so that messages and duplicates do not depend on the file system.
std::vector<std::filesystem::path> yaml_files(const std::string& directory) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (std::filesystem::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    const auto& path = it->path();
    const auto extension = path.extension().string();
    const bool is_yaml = extension == ".yaml" || extension == ".yml";
    if (is_yaml && !path.filename().string().starts_with('.') && it->is_regular_file(error)) files.push_back(path);
  }
  if (error) throw ConfigError(fmt::format("{}: cannot be read: {}", directory, error.message()));
  std::ranges::sort(files);
  return files;
}

}  // namespace

Definition read_definition(const std::string& text, const std::string& file) {
  if (text.size() > kLongestFile) throw ConfigError(fmt::format("{}: longer than 256 KiB", file));
  check_characters(text, file);
  try {
    if (!detail::is_one_yaml_document(text)) throw ConfigError(fmt::format("{}: expected one YAML document", file));
    return read(YamlMap(YAML::Load(text), file));
  } catch (const YAML::Exception& e) {
    throw ConfigError(fmt::format("{}:{}: not YAML: {}", file, e.mark.line + 1, e.msg));
  }
}

Definitions load_definitions(const std::string& directory) {
  Definitions all;
  std::map<std::string, std::string> files;
  for (const auto& path : yaml_files(directory)) {
    auto definition = std::make_shared<const Definition>(read_definition(text_of(path), path.string()));
    const auto [first, fresh] = files.emplace(definition->slug, path.string());
    if (!fresh) {
      throw ConfigError(
          fmt::format("{}: slug: \"{}\" is defined in {} already", path.string(), definition->slug, first->second));
    }
    all[definition->slug] = std::move(definition);
    if (all.size() > kMostVendors) throw ConfigError(fmt::format("{}: more than {} vendors", directory, kMostVendors));
  }
  return all;
}

}  // namespace vendor
