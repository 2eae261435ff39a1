#include "base/version.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "fake/source_tree.hpp"

namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(Version, StandsInOneSourceFileOnly) {
  const std::string quoted = '"' + std::string(base::kVersion) + '"';
  for (const auto& entry : std::filesystem::recursive_directory_iterator(fake::source_tree() + "/src")) {
    if (!entry.is_regular_file() || entry.path().filename() == "version.hpp") continue;
    const auto text = text_of(entry.path());
    for (const auto& form :
         {quoted, "mcp-gateway/" + std::string(base::kVersion), "mcp-gateway " + std::string(base::kVersion)}) {
      EXPECT_FALSE(text.contains(form)) << entry.path() << " says " << form;
    }
  }
}

}  // namespace
