// The files of templates/ and assets/, as they were at build time.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace web {

struct Embedded {
  std::string_view name;  // "login.mustache", "style.css"
  std::string_view hash;  // 16 hex digits of the content's SHA-256; part of an asset's URL
  std::string_view content;
};

// Defined in the source that embed.cmake writes.
[[nodiscard]] std::span<const Embedded> embedded_files();

// Throws std::logic_error for an unknown name.
[[nodiscard]] const Embedded& embedded(std::string_view name);
// "/assets/style-0123456789abcdef.css", good for ever: the name changes with the content.
[[nodiscard]] std::string asset_path(std::string_view name);
// The asset at that path; nullptr when there is none (another hash, a template's name).
[[nodiscard]] const Embedded* find_asset(std::string_view path);

}  // namespace web
