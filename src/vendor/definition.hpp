// What a vendor is: one upstream MCP server, how to reach it, which credential it wants and where that goes.
// Read from YAML (catalog/*.yaml and the operator's directory); the format is documented in docs/adding-a-vendor.md.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/secret_string.hpp"
#include "http/client.hpp"
#include "vendor/injection.hpp"

namespace vendor {

struct Field {
  std::string name;   // key in forms and in the vault: "api_key"
  std::string label;  // "API key"
  std::string help;
  bool secret = true;
  bool required = true;
  std::string default_value;
  std::vector<std::string> choices;
  std::string header;  // HTTP field it goes into; "" for none
  std::string prefix;  // put before the value in the header: "Bearer "
  std::string env;     // environment variable it goes into; "" for none
};

struct HttpTransport {
  http::Url url;
  base::SecretString signing_secret;  // X-Gateway-S2S, when not empty
};

struct StdioTransport {
  std::string command;
  std::vector<std::string> arguments;
  std::map<std::string, std::string> environment;
};

// How a vendor speaks; over stdio there is no sse.
enum class Protocol {
  automatic,  // asked for once, then remembered
  legacy,     // initialize (2024-11-05 to 2025-11-25), over Streamable HTTP or stdio
  modern,     // 2026-07-28 and later
  sse,        // the deprecated HTTP+SSE transport of 2024-11-05
};

enum class HealthCheck {
  none,  // never checked: always unknown
  mcp,   // ping by a session of the gateway's own, or initialize
  http,  // GET health_path answers 2xx
};

struct Definition {
  std::string slug;  // [a-z0-9-]{1,32}; names the vendor in URLs and tool names
  std::string name;
  std::string description;
  std::string documentation;  // URL, "" for none
  bool enabled = false;       // switched off until it can be reached (a URL or command is given)
  std::optional<HttpTransport> http;
  std::optional<StdioTransport> stdio;  // exactly one of the two when enabled
  Protocol protocol = Protocol::automatic;
  HealthCheck health_check = HealthCheck::mcp;
  std::string health_path;
  std::vector<Field> fields;
  std::string probe_tool;              // proves that a credential works; "": listing tools is the probe
  std::string probe_arguments = "{}";  // JSON object
  std::chrono::milliseconds call_timeout{300'000};
  std::chrono::milliseconds list_timeout{10'000};

  [[nodiscard]] bool needs_credential() const;  // has a required field
};

// Immutable; replaced whole. In order of slug.
using Definitions = std::map<std::string, std::shared_ptr<const Definition>, std::less<>>;

}  // namespace vendor
