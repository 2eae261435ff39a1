// Any text is either a definition that keeps the reader's promises, or refused by a ConfigError; nothing else.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/yaml.hpp"
#include "vendor/definition_reader.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const vendor::Definition& definition) {
  require(!definition.slug.empty() && definition.slug.size() <= 32);
  require(!(definition.http && definition.stdio));
  require(!definition.enabled || definition.http || !definition.stdio->command.empty());
  require(definition.probe_arguments.front() == '{');
  for (const auto& field : definition.fields) {
    require(!field.header.empty() || !field.env.empty());
    require(field.header.find_first_of("\r\n: ") == std::string::npos);
    require(field.env.find('=') == std::string::npos);
  }
  (void)vendor::inject(definition, "key", {});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    check(vendor::read_definition(std::string(reinterpret_cast<const char*>(data), size), "fuzz.yaml"));
  } catch (const base::ConfigError&) {
  }
  return 0;
}
