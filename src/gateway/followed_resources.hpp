// The resources that the client of a session subscribed to, by vendor (2025-11-25 server/resources, "Subscriptions").
#pragma once

#include <boost/container/flat_map.hpp>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

class FollowedResources {
 public:
  // What text() gave; of another text nothing is taken.
  [[nodiscard]] static FollowedResources parse(std::string_view text);
  // A JSON object: {"hudu":["file:///a"]}.
  [[nodiscard]] std::string text() const;

  // `uri` is the vendor's own.
  void add(const std::string& vendor, const std::string& uri) { uris_[vendor].insert(uri); }
  void remove(std::string_view vendor, const std::string& uri);
  [[nodiscard]] bool has(std::string_view vendor, const std::string& uri) const;
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::vector<std::string> vendors() const;
  [[nodiscard]] std::vector<std::string> of(std::string_view vendor) const;

 private:
  boost::container::flat_map<std::string, std::set<std::string>, std::less<>> uris_;  // no set is empty
};

// Whether an update of `updated` is one that a subscriber to these resources waits for: of one of them, or of a part of
// one (2025-11-25 schema, ResourceUpdatedNotification).
[[nodiscard]] bool concerns(std::string_view updated, const std::vector<std::string>& uris);

}  // namespace gateway
