#include "mcp/tool_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/digest.hpp"

namespace mcp {
namespace {

constexpr std::string_view kSeparator = "__";
constexpr std::size_t kDigestLength = 8;

bool is_legal(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-'; }

}  // namespace

std::string unified_name(std::string_view vendor, std::string_view tool) {
  auto name = fmt::format("{}{}{}", vendor, kSeparator, tool);
  if (name.size() <= kMaxToolName && !tool.empty() && std::ranges::all_of(name, is_legal)) return name;
  const auto digest = base::sha256_hex(name).substr(0, kDigestLength);
  std::ranges::replace_if(name, [](char c) { return !is_legal(c); }, '_');
  return fmt::format("{}_{}", name.substr(0, kMaxToolName - kDigestLength - 1), digest);
}

std::optional<UnifiedName> split_unified_name(std::string_view name) {
  const auto at = name.find(kSeparator);
  if (at == std::string_view::npos || at == 0) return std::nullopt;
  return UnifiedName{name.substr(0, at), name.substr(at + kSeparator.size())};
}

}  // namespace mcp
