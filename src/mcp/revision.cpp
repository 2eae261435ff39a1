#include "mcp/revision.hpp"

#include <algorithm>

namespace mcp {

bool is_legacy_revision(std::string_view revision) {
  return std::ranges::find(kLegacyRevisions, revision) != kLegacyRevisions.end();
}

bool is_modern_revision(std::string_view revision) {
  return std::ranges::find(kModernRevisions, revision) != kModernRevisions.end();
}

std::string_view negotiate(std::string_view requested) {
  const auto* known = std::ranges::find(kLegacyRevisions, requested);
  return known != kLegacyRevisions.end() ? *known : kNewestLegacy;
}

bool has_batches(std::string_view revision) { return revision == "2025-03-26" || revision == "2024-11-05"; }

}  // namespace mcp
