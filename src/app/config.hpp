// The whole configuration: one YAML file, every key optional, and MCPGW_* variables over it. Read here and nowhere
// else; each part goes to the class that uses it as a small struct. docs/configuration.md lists every key; a test
// compares.
#pragma once

#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error_shape.hpp"
#include "base/log.hpp"
#include "base/yaml.hpp"
#include "gateway/config.hpp"
#include "http/server.hpp"
#include "vendor/definition.hpp"

namespace app {

struct Address {
  std::string host;
  std::uint16_t port;
};

struct Config {
  Address listen{"127.0.0.1", 8080};
  std::string public_url;  // "" until the port is known: then http(s)://<listen>
  std::string data_dir;
  std::size_t threads = 0;  // 0: one per core
  std::chrono::milliseconds drain_timeout{30'000};
  std::optional<http::TlsFiles> tls;
  std::optional<Address> metrics = Address{"127.0.0.1", 9464};  // nothing: no listener

  base::LogLevel log_level = base::LogLevel::info;
  base::log::Format log_format = base::log::Format::automatic;

  std::string catalog_dir;  // "" : beside the binary or in its share directory
  std::string vendors_dir;  // the operator's own definitions; "" for none
  bool demo = true;
  std::string master_key_file;  // "": <data_dir>/master.key, made at the first start

  http::ServerLimits limits;
  gateway::Config gateway;
  std::size_t message_bytes = 16 << 20;  // of a vendor, beyond: an error for that call
  std::chrono::milliseconds access_token_lifetime{900'000};
  std::chrono::milliseconds refresh_token_lifetime{7'776'000'000};
  std::chrono::milliseconds refresh_grace{60'000};
  std::chrono::milliseconds code_lifetime{60'000};
  bool allow_private_metadata_hosts = false;
  std::chrono::milliseconds health_interval{30'000};
  std::chrono::milliseconds stdio_idle{600'000};
  std::size_t stdio_processes = 200;

  // The catalog, the operator's directory and vendor_overrides, put together. The gateway's own demo vendors are at
  // kDemoHost until their port is known.
  vendor::Definitions definitions;
};

inline constexpr std::array<std::string_view, 2> kDemoVendors{"demo-docs", "demo-tickets"};
inline constexpr std::string_view kDemoHost = "demo.invalid";

using Environment = std::map<std::string, std::string>;

// `file` "" means no file. Throws base::ConfigError: file, line, key, what was found and what was expected; for a
// variable its name.
[[nodiscard]] Config load_config(const std::string& file, const Environment& environment);

// Every key, as "log.level"; each has the variable MCPGW_LOG_LEVEL. Without vendor_overrides, whose keys are slugs.
[[nodiscard]] const std::vector<std::string>& config_keys();
[[nodiscard]] std::string variable_of(std::string_view key);

}  // namespace app
