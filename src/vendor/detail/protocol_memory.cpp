#include "vendor/detail/protocol_memory.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace vendor::detail {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kShortestStay = std::chrono::minutes(1);
constexpr milliseconds kLongestStay = std::chrono::hours(1);

// What tells two servers under one slug apart.
std::string transport_of(const Definition& definition) {
  if (definition.http) {
    const auto& url = definition.http->url;
    return fmt::format("{}{}{}", url.origin.tls ? "https://" : "http://", url.origin.authority(), url.target);
  }
  if (!definition.stdio) return {};
  const auto& stdio = *definition.stdio;
  return fmt::format("{}\n{}\n{}", stdio.command, stdio.arguments, stdio.environment);
}

}  // namespace

std::optional<Protocol> ProtocolMemory::recall(const Definition& definition) const {
  const base::Lock lock(mutex_);
  const auto* known = find(definition);
  return known != nullptr ? std::optional(known->protocol) : std::nullopt;
}

void ProtocolMemory::remember(const Definition& definition, Protocol protocol) {
  const base::Lock lock(mutex_);
  const auto* known = find(definition);
  if (known != nullptr && known->protocol == protocol) return;
  vendors_[definition.slug] = {transport_of(definition), protocol, {}};
}

void ProtocolMemory::forget(const Definition& definition) {
  const base::Lock lock(mutex_);
  if (find(definition) != nullptr) vendors_.erase(definition.slug);
}

std::optional<std::string> ProtocolMemory::discovered(const Definition& definition, const std::string& key,
                                                      base::SteadyTime now) const {
  const base::Lock lock(mutex_);
  const auto* known = find(definition);
  if (known == nullptr) return std::nullopt;
  const auto found = known->discovered.find(key);
  if (found == known->discovered.end() || now >= found->second.until) return std::nullopt;
  return found->second.result;
}

void ProtocolMemory::keep_discovered(const Definition& definition, const std::string& key, std::string result,
                                     milliseconds ttl, base::SteadyTime now) {
  const base::Lock lock(mutex_);
  const auto* known = find(definition);
  if (known == nullptr || known->protocol != Protocol::modern) return;
  auto& kept = vendors_.at(definition.slug).discovered;
  std::erase_if(kept, [now](const auto& entry) { return now >= entry.second.until; });
  kept[key] = {std::move(result), now + std::clamp(ttl, kShortestStay, kLongestStay)};
}

const ProtocolMemory::Known* ProtocolMemory::find(const Definition& definition) const {
  const auto found = vendors_.find(definition.slug);
  if (found == vendors_.end() || found->second.transport != transport_of(definition)) return nullptr;
  return &found->second;
}

}  // namespace vendor::detail
