#include "app/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <filesystem>

#include "http/client.hpp"
#include "vendor/definition_overlay.hpp"
#include "vendor/definition_reader.hpp"

namespace app {
namespace {

using namespace std::chrono_literals;
using base::YamlMap;

constexpr std::string_view kPrefix = "MCPGW_";
// Not a key of the file: a secret does not belong into it.
constexpr std::string_view kMasterKeyVariable = "MCPGW_MASTER_KEY";
constexpr std::size_t kMiB = 1 << 20;
constexpr std::size_t kGiB = 1 << 30;

Address read_address(YamlMap& map, const std::string& key, const std::string& otherwise) {
  const auto text = map.text(key, otherwise);
  const auto colon = text.rfind(':');
  std::uint16_t port = 0;
  const auto* const end = text.data() + text.size();
  const bool has_port = colon != std::string::npos && colon > 0 &&
                        std::from_chars(text.data() + colon + 1, end, port).ptr == end && colon + 1 < text.size();
  if (!has_port) map.refuse(key, fmt::format("expected address:port like 127.0.0.1:8080, found \"{}\"", text));
  auto host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return {std::move(host), port};
}

std::string read_public_url(YamlMap& map) {
  auto text = map.text("public_url", "");
  if (text.empty()) return text;
  const auto url = http::parse_url(text);
  if (!url)
    map.refuse("public_url", fmt::format("expected a URL like https://mcp.example.com: {}", url.error().message));
  if (url->target != "/" || text.ends_with('/')) {
    map.refuse("public_url", "expected scheme and host only, without a path or a slash at its end");
  }
  return text;
}

void read_tls(YamlMap map, Config& config) {
  const auto certificate = map.text("certificate", "");
  const auto key = map.text("key", "");
  map.finish();
  if (certificate.empty() != key.empty()) map.refuse("certificate", "certificate and key go together");
  if (!certificate.empty()) config.tls = http::TlsFiles{certificate, key};
}

void read_log(YamlMap map, Config& config) {
  static const std::map<std::string, base::LogLevel> levels{{"debug", base::LogLevel::debug},
                                                            {"info", base::LogLevel::info},
                                                            {"warn", base::LogLevel::warn},
                                                            {"error", base::LogLevel::error}};
  static const std::map<std::string, base::log::Format> formats{
      {"auto", base::log::Format::automatic}, {"text", base::log::Format::text}, {"json", base::log::Format::json}};
  config.log_level = levels.at(map.one_of("level", "info", {"debug", "info", "warn", "error"}));
  config.log_format = formats.at(map.one_of("format", "auto", {"auto", "text", "json"}));
  map.finish();
}

void read_limits(YamlMap map, Config& config) {
  auto& http = config.limits;
  http.head_bytes = map.size("head", http.head_bytes, 1 << 10, kMiB);
  http.header_count = static_cast<std::size_t>(map.number("headers", 100, 10, 1000));
  http.body_bytes = map.size("body", http.body_bytes, 1 << 10, kGiB);
  http.connections = static_cast<std::size_t>(map.number("connections", 16'000, 1, 1'000'000));
  http.head_timeout = map.duration("head_timeout", http.head_timeout, 100ms, 10min);
  http.body_timeout = map.duration("body_timeout", http.body_timeout, 100ms, 1h);
  http.idle_timeout = map.duration("idle_timeout", http.idle_timeout, 1s, 24h);
  http.write_timeout = map.duration("write_timeout", http.write_timeout, 100ms, 1h);
  config.message_bytes = map.size("vendor_message", config.message_bytes, 1 << 10, kGiB);
  auto& mcp = config.gateway;
  mcp.batch_messages = static_cast<std::size_t>(map.number("batch", 50, 1, 10'000));
  mcp.list_items = static_cast<std::size_t>(map.number("list_items", 5'000, 1, 1'000'000));
  mcp.list_pages = static_cast<std::size_t>(map.number("list_pages", 200, 1, 10'000));
  mcp.list_bytes = map.size("list_bytes", mcp.list_bytes, 1 << 10, kGiB);
  mcp.sessions_per_principal = static_cast<std::size_t>(map.number("sessions_per_principal", 500, 2, 1'000'000));
  mcp.listens_per_principal = static_cast<std::size_t>(map.number("listens_per_principal", 100, 1, 1'000'000));
  mcp.parked_calls = static_cast<std::size_t>(map.number("parked_calls", 10'000, 1, 1'000'000));
  mcp.subscribed_resources = static_cast<std::size_t>(map.number("subscribed_resources", 256, 1, 100'000));
  mcp.replay_events = static_cast<std::size_t>(map.number("replay_events", 256, 1, 1'000'000));
  mcp.replay_bytes = map.size("replay", mcp.replay_bytes, 1 << 10, kGiB);
  config.stdio_processes = static_cast<std::size_t>(map.number("stdio_processes", 200, 1, 100'000));
  map.finish();
}

void read_mcp(YamlMap map, Config& config) {
  auto& mcp = config.gateway;
  mcp.allowed_origins = map.texts("allowed_origins");
  mcp.allowed_hosts = map.texts("allowed_hosts");
  mcp.ping_interval = map.duration("ping_interval", mcp.ping_interval, 1s, 5min);
  mcp.retry = map.duration("retry", mcp.retry, 100ms, 5min);
  mcp.early_start = map.duration("early_start", mcp.early_start, 1s, 4min);
  mcp.answer_wait = map.duration("answer_wait", mcp.answer_wait, 10s, 24h);
  mcp.credential_wait = map.duration("credential_wait", mcp.credential_wait, 10s, 24h);
  mcp.list_wait = map.duration("list_wait", mcp.list_wait, 100ms, 1min);
  mcp.list_ttl = map.duration("list_ttl", mcp.list_ttl, 1s, 24h);
  mcp.list_ttl_max = map.duration("list_ttl_max", mcp.list_ttl_max, 1s, 24h);
  mcp.list_quiet = map.duration("list_quiet", mcp.list_quiet, 100ms, 1h);
  mcp.connection_idle = map.duration("connection_idle", mcp.connection_idle, 1min, 24h);
  mcp.own_tools = map.boolean("own_tools", mcp.own_tools);
  mcp.search_threshold = static_cast<std::size_t>(map.number("search_threshold", 0, 0, 1'000'000));
  mcp.session_idle = map.duration("session_idle", mcp.session_idle, 1min, 24h);
  mcp.session_lifetime = map.duration("session_lifetime", mcp.session_lifetime, 1h, 8760h);
  config.stdio_idle = map.duration("stdio_idle", config.stdio_idle, 1s, 24h);
  map.finish();
}

void read_oauth(YamlMap map, Config& config) {
  // Below ten minutes clients refresh before nearly every call and run into their own brakes.
  config.access_token_lifetime = map.duration("access_token_lifetime", config.access_token_lifetime, 10min, 24h);
  config.refresh_token_lifetime = map.duration("refresh_token_lifetime", config.refresh_token_lifetime, 1h, 8760h);
  config.code_lifetime = map.duration("code_lifetime", config.code_lifetime, 1s, 10min);
  config.refresh_grace = map.duration("refresh_grace", config.refresh_grace, 1s, 10min);
  config.allow_private_metadata_hosts = map.boolean("allow_private_metadata_hosts", false);
  map.finish();
}

// The shipped catalog: beside the sources when run from a build tree, else where it is installed.
std::string default_catalog() {
  const auto binary = std::filesystem::read_symlink("/proc/self/exe");
  for (auto at = binary.parent_path(); at != at.parent_path(); at = at.parent_path()) {
    if (std::filesystem::is_directory(at / "share/mcp-gateway/catalog")) return at / "share/mcp-gateway/catalog";
    if (std::filesystem::is_directory(at / "catalog")) return at / "catalog";
  }
  return {};
}

void read_vendors(YamlMap map, Config& config) {
  config.catalog_dir = map.text("catalog", default_catalog());
  config.vendors_dir = map.text("directory", "");
  config.demo = map.boolean("demo", true);
  map.finish();
  if (!config.catalog_dir.empty()) config.definitions = vendor::load_definitions(config.catalog_dir);
  for (const auto slug : kDemoVendors) {
    if (!config.demo || !config.definitions.contains(std::string(slug))) continue;
    vendor::point_to(config.definitions, slug, fmt::format("http://{}/{}/mcp", kDemoHost, slug));
  }
  if (!config.vendors_dir.empty()) {
    vendor::replace_definitions(config.definitions, vendor::load_definitions(config.vendors_dir));
  }
}

void read_overrides(YamlMap map, Config& config) {
  for (const auto& slug : map.keys()) {
    auto overlay = map.map(slug);
    if (!config.definitions.contains(slug)) {
      map.refuse(slug, "there is no vendor of that name in the catalog or in vendors.directory");
    }
    vendor::apply_overlay(config.definitions, slug, overlay);
  }
}

// Puts the variables over the file's values.
void apply_environment(YAML::Node& root, const Environment& environment) {
  for (const auto& [name, value] : environment) {
    if (!name.starts_with(kPrefix) || name == kMasterKeyVariable) continue;
    const auto key = std::ranges::find_if(config_keys(), [&](const auto& k) { return variable_of(k) == name; });
    if (key == config_keys().end()) {
      throw base::ConfigError(fmt::format("{}: no setting has this variable; docs/configuration.md lists them", name));
    }
    const auto dot = key->find('.');
    const auto parsed = base::load_yaml_text(value, name);
    if (dot == std::string::npos) {
      root[*key] = parsed;
    } else {
      root[key->substr(0, dot)][key->substr(dot + 1)] = parsed;
    }
  }
}

}  // namespace

Config load_config(const std::string& file, const Environment& environment) {
  auto root = file.empty() ? YAML::Node(YAML::NodeType::Map) : base::load_yaml_file(file);
  if (root.IsNull()) root = YAML::Node(YAML::NodeType::Map);
  if (root.IsMap()) apply_environment(root, environment);
  YamlMap map(root, file.empty() ? "configuration" : file);

  Config config;
  config.listen = read_address(map, "listen", "127.0.0.1:8080");
  config.public_url = read_public_url(map);
  config.data_dir = map.text("data_dir", "data");
  config.threads = static_cast<std::size_t>(map.number("threads", 0, 0, 256));
  config.drain_timeout = map.duration("drain_timeout", config.drain_timeout, 0ms, 1h);
  read_tls(map.map("tls"), config);
  auto metrics = map.map("metrics");
  if (metrics.text("listen", "127.0.0.1:9464") == "off") {
    config.metrics.reset();
  } else {
    config.metrics = read_address(metrics, "listen", "127.0.0.1:9464");
  }
  metrics.finish();
  read_log(map.map("log"), config);
  auto vault = map.map("vault");
  config.master_key_file = vault.text("master_key_file", "");
  vault.finish();
  read_limits(map.map("limits"), config);
  read_mcp(map.map("mcp"), config);
  read_oauth(map.map("oauth"), config);
  auto health = map.map("health");
  config.health_interval = health.duration("interval", config.health_interval, 100ms, 1h);
  health.finish();
  read_vendors(map.map("vendors"), config);
  read_overrides(map.map("vendor_overrides"), config);
  map.finish();
  return config;
}

const std::vector<std::string>& config_keys() {
  static const std::vector<std::string> keys{"listen",
                                             "public_url",
                                             "data_dir",
                                             "threads",
                                             "drain_timeout",
                                             "tls.certificate",
                                             "tls.key",
                                             "metrics.listen",
                                             "log.level",
                                             "log.format",
                                             "vault.master_key_file",
                                             "limits.head",
                                             "limits.headers",
                                             "limits.body",
                                             "limits.connections",
                                             "limits.head_timeout",
                                             "limits.body_timeout",
                                             "limits.idle_timeout",
                                             "limits.write_timeout",
                                             "limits.vendor_message",
                                             "limits.batch",
                                             "limits.list_items",
                                             "limits.list_pages",
                                             "limits.list_bytes",
                                             "limits.sessions_per_principal",
                                             "limits.listens_per_principal",
                                             "limits.parked_calls",
                                             "limits.subscribed_resources",
                                             "limits.replay_events",
                                             "limits.replay",
                                             "limits.stdio_processes",
                                             "mcp.allowed_origins",
                                             "mcp.allowed_hosts",
                                             "mcp.ping_interval",
                                             "mcp.retry",
                                             "mcp.early_start",
                                             "mcp.answer_wait",
                                             "mcp.credential_wait",
                                             "mcp.list_wait",
                                             "mcp.list_ttl",
                                             "mcp.list_ttl_max",
                                             "mcp.list_quiet",
                                             "mcp.connection_idle",
                                             "mcp.own_tools",
                                             "mcp.search_threshold",
                                             "mcp.session_idle",
                                             "mcp.session_lifetime",
                                             "mcp.stdio_idle",
                                             "oauth.access_token_lifetime",
                                             "oauth.refresh_token_lifetime",
                                             "oauth.refresh_grace",
                                             "oauth.code_lifetime",
                                             "oauth.allow_private_metadata_hosts",
                                             "health.interval",
                                             "vendors.catalog",
                                             "vendors.directory",
                                             "vendors.demo"};
  return keys;
}

std::string variable_of(std::string_view key) {
  std::string name(kPrefix);
  for (const char c : key) name += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

}  // namespace app
