// Names of tools and prompts on the unified endpoint: "{vendor}__{name}". Slugs have no underscore, so the first "__"
// separates: "_x" of vendor "a" is "a___x".
// Clients accept [a-zA-Z0-9_-]{1,64} only; one illegal name breaks their whole session. Longer or illegal names are
// mapped by a fixed rule: illegal characters become '_', the text is cut, and eight characters of a digest of the whole
// original name are added, so that the same tool has the same name for ever and two tools never share one. A name that
// looks like a mapped one by itself is mapped too, so that no vendor can name a tool like another one's mapped name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mcp {

inline constexpr std::size_t kMaxToolName = 64;

// `vendor` is a slug: [a-z0-9-]{1,32}.
[[nodiscard]] std::string unified_name(std::string_view vendor, std::string_view name);

// Whether that unified name was mapped: its own name is in the vendor's list only. Else it is what split_unified_name()
// says.
[[nodiscard]] bool is_mapped_name(std::string_view unified);

struct UnifiedName {
  std::string_view vendor;
  std::string_view rest;  // the vendor's own name, unless it was mapped
};
// Nothing when there is no separator.
[[nodiscard]] std::optional<UnifiedName> split_unified_name(std::string_view name);

}  // namespace mcp
