#include "mcp/tool_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/digest.hpp"

namespace mcp {
namespace {

constexpr std::string_view kSeparator = "__";
constexpr std::size_t kDigestLength = 8;

bool is_digest(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }
bool is_legal(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-'; }

}  // namespace

std::string unified_name(std::string_view vendor, std::string_view name) {
  auto unified = fmt::format("{}{}{}", vendor, kSeparator, name);
  const bool plain = unified.size() <= kMaxToolName && !name.empty() && std::ranges::all_of(unified, is_legal);
  if (plain && !is_mapped_name(unified)) return unified;
  const auto digest = base::sha256_hex(unified).substr(0, kDigestLength);
  std::ranges::replace_if(unified, [](char c) { return !is_legal(c); }, '_');
  return fmt::format("{}_{}", unified.substr(0, kMaxToolName - kDigestLength - 1), digest);
}

bool is_mapped_name(std::string_view unified) {
  if (unified.size() <= kDigestLength) return false;
  const auto digest = unified.substr(unified.size() - kDigestLength);
  return unified[unified.size() - kDigestLength - 1] == '_' && std::ranges::all_of(digest, is_digest);
}

std::optional<UnifiedName> split_unified_name(std::string_view name) {
  const auto at = name.find(kSeparator);
  if (at == std::string_view::npos || at == 0) return std::nullopt;
  return UnifiedName{name.substr(0, at), name.substr(at + kSeparator.size())};
}

}  // namespace mcp
