// Puts the definitions together that are used: the shipped catalog, then the operator's directory (a definition with
// the same slug replaces the shipped one whole), then what the main configuration says per vendor.
//
// Thread: start-up and reload only; no shared state.
// Errors: base::ConfigError, thrown, with file, line and what was expected.
#pragma once

#include <string>
#include <string_view>

#include "base/yaml.hpp"
#include "vendor/definition.hpp"

namespace vendor {

// Adds `more`; where a slug stands in both, the one of `more` replaces the other whole.
void replace_definitions(Definitions& definitions, const Definitions& more);

// Applies "vendors: <slug>: {enabled, url, command, args, env, signing_secret, call_timeout, list_timeout}" of the
// main configuration. A url or a command switches the vendor on, unless `enabled: false` stands beside it.
void apply_overlay(Definitions& definitions, const std::string& slug, base::YamlMap& overlay);

// Points a vendor at a URL and switches it on: for the demo vendors, whose port is known only when they listen.
void point_to(Definitions& definitions, std::string_view slug, const std::string& url);

}  // namespace vendor
