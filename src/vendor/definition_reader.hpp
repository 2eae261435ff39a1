// Reads vendor definitions from YAML files, strictly; docs/adding-a-vendor.md is the reference of the format.
//
// Thread: start-up and reload only; no shared state. Limits: 256 KiB per file, 1,000 vendors, 32 fields per vendor.
// Errors: base::ConfigError, thrown, with file, line and what was expected.
#pragma once

#include <string>

#include "vendor/definition.hpp"

namespace vendor {

// One definition from the text of one file; `file` is its name for messages.
[[nodiscard]] Definition read_definition(const std::string& text, const std::string& file);

// Every *.yaml and *.yml of a directory, but not of its sub-directories. Two files with one slug are refused.
[[nodiscard]] Definitions load_definitions(const std::string& directory);

}  // namespace vendor
