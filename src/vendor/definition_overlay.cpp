#include "vendor/definition_overlay.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <ranges>

#include "vendor/detail/definition_parts.hpp"

namespace vendor {
namespace {

using base::ConfigError;

void overlay_transport(base::YamlMap& overlay, Definition& definition) {
  const auto url = overlay.text("url", "");
  const auto command = overlay.text("command", "");
  if (!url.empty() && !command.empty()) overlay.refuse("command", "give a url or a command, not both");
  if (!url.empty()) {
    auto secret = definition.http ? definition.http->signing_secret : base::SecretString();
    definition.http = HttpTransport{detail::url_of(overlay, "url", url), std::move(secret)};
    definition.stdio.reset();
  }
  if (!command.empty()) {
    if (!definition.stdio) definition.stdio.emplace();
    definition.stdio->command = command;
    definition.http.reset();
    if (definition.health_check == HealthCheck::http) definition.health_check = HealthCheck::mcp;
  }
}

void overlay_stdio(base::YamlMap& overlay, Definition& definition) {
  auto arguments = overlay.texts("args");
  auto variables = detail::environment(overlay.map("env"));
  if (!definition.stdio) {
    if (!arguments.empty()) overlay.refuse("args", "is for a vendor with a command");
    if (!variables.empty()) overlay.refuse("env", "is for a vendor with a command");
    return;
  }
  if (overlay.has("args")) definition.stdio->arguments = std::move(arguments);
  for (auto& [name, value] : variables) definition.stdio->environment[name] = std::move(value);
}

void overlay_signing_secret(base::YamlMap& overlay, Definition& definition) {
  auto secret = detail::signing_secret(overlay);
  if (secret.empty()) return;
  if (!definition.http) overlay.refuse("signing_secret", "is for a vendor with a url");
  definition.http->signing_secret = std::move(secret);
}

}  // namespace

void replace_definitions(Definitions& definitions, const Definitions& more) {
  for (const auto& [slug, definition] : more) definitions[slug] = definition;
}

void apply_overlay(Definitions& definitions, const std::string& slug, base::YamlMap& overlay) {
  const auto entry = definitions.find(slug);
  if (entry == definitions.end()) {
    const auto keys = overlay.keys();
    overlay.refuse(
        keys.empty() ? "enabled" : keys.front(),
        fmt::format("no vendor has the slug \"{}\"; known: {}", slug, fmt::join(definitions | std::views::keys, ", ")));
  }
  const auto copy = std::make_shared<Definition>(*entry->second);
  auto& definition = *copy;

  overlay_transport(overlay, definition);
  overlay_stdio(overlay, definition);
  overlay_signing_secret(overlay, definition);
  definition.protocol = detail::protocol(overlay, definition);
  detail::read_timeouts(overlay, "call_timeout", "list_timeout", definition);

  const bool reached_now = overlay.has("url") || overlay.has("command");
  definition.enabled = overlay.boolean("enabled", definition.enabled || reached_now);
  overlay.finish();
  detail::refuse_if(overlay, "enabled", detail::wrong_with_enabled(definition));
  entry->second = copy;
}

void point_to(Definitions& definitions, std::string_view slug, const std::string& url) {
  const auto entry = definitions.find(slug);
  if (entry == definitions.end()) throw ConfigError(fmt::format("no vendor has the slug \"{}\"", slug));
  auto parsed = http::parse_url(url);
  if (!parsed) throw ConfigError(fmt::format("vendor {}: url: {}", slug, parsed.error().message));
  auto copy = std::make_shared<Definition>(*entry->second);
  copy->http = HttpTransport{*std::move(parsed), {}};
  copy->stdio.reset();
  copy->enabled = true;
  entry->second = std::move(copy);
}

}  // namespace vendor
