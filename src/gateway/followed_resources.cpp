#include "gateway/followed_resources.hpp"

#include <algorithm>

#include "json/document.hpp"

namespace gateway {

FollowedResources FollowedResources::parse(std::string_view text) {
  FollowedResources all;
  const auto object = json::parse_object(text);
  if (!object) return all;
  for (const auto& [vendor, uris] : *object) {
    if (!uris.is_array()) continue;
    for (const auto& uri : uris.get_array()) {
      if (uri.is_string()) all.add(std::string(vendor), std::string(uri.get_string()));
    }
  }
  return all;
}

std::string FollowedResources::text() const {
  boost::json::object object;
  for (const auto& [vendor, uris] : uris_) object[vendor] = boost::json::array(uris.begin(), uris.end());
  return boost::json::serialize(object);
}

void FollowedResources::remove(std::string_view vendor, const std::string& uri) {
  const auto found = uris_.find(vendor);
  if (found == uris_.end()) return;
  found->second.erase(uri);
  if (found->second.empty()) uris_.erase(found);
}

bool FollowedResources::has(std::string_view vendor, const std::string& uri) const {
  const auto found = uris_.find(vendor);
  return found != uris_.end() && found->second.contains(uri);
}

std::size_t FollowedResources::size() const {
  std::size_t count = 0;
  for (const auto& [vendor, uris] : uris_) count += uris.size();
  return count;
}

std::vector<std::string> FollowedResources::vendors() const {
  std::vector<std::string> out;
  for (const auto& [vendor, uris] : uris_) out.push_back(vendor);
  return out;
}

std::vector<std::string> FollowedResources::of(std::string_view vendor) const {
  const auto found = uris_.find(vendor);
  return found == uris_.end() ? std::vector<std::string>()
                              : std::vector<std::string>(found->second.begin(), found->second.end());
}

bool concerns(std::string_view updated, const std::vector<std::string>& uris) {
  return std::ranges::any_of(uris, [&](std::string_view uri) {
    if (!updated.starts_with(uri)) return false;
    constexpr std::string_view kInside = "/?#";
    return updated.size() == uri.size() || uri.ends_with('/') || kInside.contains(updated[uri.size()]);
  });
}

}  // namespace gateway
