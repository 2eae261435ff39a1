// What the vendor room's tests share.
#pragma once

#include <functional>
#include <string>

#include "base/yaml.hpp"
#include "fake/source_tree.hpp"
#include "vendor/definition_reader.hpp"

namespace vendor_test {

inline std::string source_path(const std::string& path) { return fake::source_tree() + "/" + path; }

// The refusal of whatever throws a ConfigError; "accepted" when nothing does.
inline std::string refusal(const std::function<void()>& act) {
  try {
    act();
  } catch (const base::ConfigError& error) {
    return error.what();
  }
  return "accepted";
}

inline constexpr const char* kOpenVendor = "slug: acme\nname: Acme\ntransport:\n  url: http://127.0.0.1:1/mcp\n";

inline vendor::Definition definition(const std::string& text) { return vendor::read_definition(text, "acme.yaml"); }

inline std::shared_ptr<const vendor::Definition> shared(vendor::Definition definition) {
  return std::make_shared<const vendor::Definition>(std::move(definition));
}

}  // namespace vendor_test
