#include <cstdlib>

#include "vendor/channels_config.hpp"

namespace vendor {

std::map<std::string, std::string> inherited_environment() {
  std::map<std::string, std::string> environment{{"PATH", "/usr/local/bin:/usr/bin:/bin"}};
  for (const char* name : {"PATH", "HOME", "LANG", "TMPDIR"}) {
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') environment[name] = value;
  }
  return environment;
}

}  // namespace vendor
