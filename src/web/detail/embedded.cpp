#include "web/detail/embedded.hpp"

#include <algorithm>
#include <stdexcept>

namespace web {

const Embedded& embedded(std::string_view name) {
  const auto files = embedded_files();
  const auto found = std::ranges::find(files, name, &Embedded::name);
  if (found == files.end()) throw std::logic_error("no embedded file " + std::string(name));
  return *found;
}

std::string asset_path(std::string_view name) {
  const auto& file = embedded(name);
  const auto dot = name.rfind('.');
  std::string path = "/assets/";
  path.append(name.substr(0, dot)).append("-").append(file.hash).append(name.substr(dot));
  return path;
}

const Embedded* find_asset(std::string_view path) {
  for (const auto& file : embedded_files()) {
    if (!file.name.ends_with(".mustache") && asset_path(file.name) == path) return &file;
  }
  return nullptr;
}

}  // namespace web
