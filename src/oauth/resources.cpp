#include "oauth/resources.hpp"

#include <algorithm>

namespace oauth {
namespace {

constexpr std::size_t kMostResources = 20;
constexpr std::string_view kUnified = "/v1/mcp";

// "hudu" of "/v1/hudu/mcp".
std::optional<std::string_view> vendor_of(std::string_view path) {
  constexpr std::string_view kHead = "/v1/";
  constexpr std::string_view kTail = "/mcp";
  if (path.size() <= kHead.size() + kTail.size() || !path.starts_with(kHead) || !path.ends_with(kTail)) {
    return std::nullopt;
  }
  return path.substr(kHead.size(), path.size() - kHead.size() - kTail.size());
}

std::string_view path_of(std::string_view url) {
  const auto authority = url.find("://");
  const auto slash = authority == std::string_view::npos ? authority : url.find('/', authority + 3);
  return slash == std::string_view::npos ? std::string_view() : url.substr(slash);
}

// Scheme and host compare without case (RFC 3986 section 6.2.2.1); the rest stays as it is.
std::string with_lower_origin(std::string_view url) {
  std::string text(url);
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(url.size() - path_of(url).size());
  std::transform(text.begin(), end, text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

base::Failure wrong_target(std::string message) {
  return base::fail(base::Kind::invalid, "invalid_target", std::move(message));
}

void add_once(Audience& audience, std::string resource) {
  if (std::ranges::find(audience, resource) == audience.end()) audience.push_back(std::move(resource));
}

}  // namespace

std::string join(const Audience& audience) {
  std::string text;
  for (const auto& resource : audience) text.append(text.empty() ? "" : " ").append(resource);
  return text;
}

Audience split_audience(std::string_view text) {
  Audience audience;
  while (!text.empty()) {
    const auto space = std::min(text.find(' '), text.size());
    if (space > 0) audience.emplace_back(text.substr(0, space));
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  return audience;
}

Resources::Resources(std::string public_url, const base::Snapshot<vendor::Definitions>& vendors)
    : public_url_(std::move(public_url)), vendors_(vendors) {}

std::string_view Resources::issuer_path() const { return path_of(public_url_); }

std::optional<std::string> Resources::at_path(std::string_view path) const {
  if (const auto own = issuer_path(); !own.empty() && path.starts_with(own)) path.remove_prefix(own.size());
  if (path.empty() || path == kUnified) return public_url_ + std::string(path);
  const auto vendor = vendor_of(path);
  if (!vendor || !vendors_.get()->contains(*vendor)) return std::nullopt;
  return public_url_ + std::string(path);
}

std::optional<std::string> Resources::canonical(std::string_view text) const {
  const std::string lower = with_lower_origin(text);
  std::string_view name = text.starts_with(public_url_) ? text : std::string_view(lower);
  if (name.ends_with('/')) name.remove_suffix(1);
  if (!name.starts_with(public_url_)) return std::nullopt;
  name.remove_prefix(public_url_.size());
  if (name.empty()) return public_url_;
  const auto vendor = vendor_of(name);
  if (name != kUnified && (!vendor || !vendors_.get()->contains(*vendor))) return std::nullopt;
  return public_url_ + std::string(name);
}

base::Result<Audience> Resources::requested(const std::vector<std::string_view>& names) const {
  if (names.empty()) return Audience{public_url_};
  if (names.size() > kMostResources) return wrong_target("Too many resource parameters.");
  Audience audience;
  for (const auto name : names) {
    auto resource = canonical(name);
    if (!resource) {
      return wrong_target("The resource is not an endpoint of this gateway; use " + public_url_ +
                          std::string(kUnified) + " or " + public_url_ + "/v1/{vendor}/mcp.");
    }
    add_once(audience, *std::move(resource));
  }
  return audience;
}

base::Result<Audience> Resources::narrowed(const Audience& granted, const std::vector<std::string_view>& names) const {
  if (names.empty()) return granted;
  auto audience = requested(names);
  if (!audience) return audience;
  const auto has = [&](const std::string& resource) { return std::ranges::find(granted, resource) != granted.end(); };
  if (!has(public_url_) && !std::ranges::all_of(*audience, has)) {
    return wrong_target("The resource is not part of what was granted; ask for it in a new authorization request.");
  }
  return audience;
}

std::string Resources::display_name(std::string_view resource) const {
  if (!resource.starts_with(public_url_)) return std::string(resource);
  const auto vendor = vendor_of(resource.substr(public_url_.size()));
  if (!vendor) return "every vendor";
  const auto vendors = vendors_.get();
  const auto found = vendors->find(*vendor);
  if (found == vendors->end() || found->second->name.empty()) return std::string(*vendor);
  return found->second->name;
}

}  // namespace oauth
