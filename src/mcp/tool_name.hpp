// Names on the unified endpoint: "{vendor}__{tool}". Slugs have no underscore, so the first "__" separates.
// Clients accept [a-zA-Z0-9_-]{1,64} only; one illegal name breaks their whole session. Longer or illegal names are
// mapped by a fixed rule: illegal characters become '_', the text is cut, and eight characters of a digest of the whole
// original name are added, so that the same tool has the same name for ever and two tools never share one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mcp {

inline constexpr std::size_t kMaxToolName = 64;

[[nodiscard]] std::string unified_name(std::string_view vendor, std::string_view tool);

struct UnifiedName {
  std::string_view vendor;
  std::string_view rest;  // the tool's own name, unless it was mapped
};
// Nothing when there is no separator.
[[nodiscard]] std::optional<UnifiedName> split_unified_name(std::string_view name);

}  // namespace mcp
