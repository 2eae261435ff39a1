// The protocol's revisions and what differs between them (MCP specification, basic/lifecycle, "Version Negotiation").
#pragma once

#include <array>
#include <string_view>

namespace mcp {

// Legacy: an initialize handshake opens a session. Modern: every request stands for itself and carries its revision in
// _meta (2026-07-28 basic/versioning, "Terminology").
enum class Era { legacy, modern };

// Newest first.
inline constexpr std::array<std::string_view, 1> kModernRevisions{"2026-07-28"};
inline constexpr std::string_view kNewestModern = kModernRevisions.front();
// Newest first.
inline constexpr std::array<std::string_view, 4> kLegacyRevisions{"2025-11-25", "2025-06-18", "2025-03-26",
                                                                  "2024-11-05"};
inline constexpr std::string_view kNewestLegacy = kLegacyRevisions.front();
// What a request without a version header speaks (2025-06-18 basic/transports, "Protocol Version Header").
inline constexpr std::string_view kAssumedRevision = "2025-03-26";

[[nodiscard]] bool is_legacy_revision(std::string_view revision);
[[nodiscard]] bool is_modern_revision(std::string_view revision);
// The revision to answer an initialize with: the one asked for, else the newest here.
[[nodiscard]] std::string_view negotiate(std::string_view requested);
// JSON-RPC batches exist in 2025-03-26 only; 2024-11-05 leaves them to JSON-RPC, so they are taken there too.
[[nodiscard]] bool has_batches(std::string_view revision);

}  // namespace mcp
