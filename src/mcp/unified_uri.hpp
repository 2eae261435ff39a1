// Resource URIs and URI templates on the unified endpoint: unique among vendors and reversible.
//
//   file:///a/{path}   of hudu   <->   hudu+file:///a/{path}
//   ui://app/main.html of hudu   <->   ui://hudu/app/main.html     (clients know MCP Apps by the scheme)
//
// Slugs have no '+' and no '/', so the first one separates.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace mcp {

[[nodiscard]] std::string unified_uri(std::string_view vendor, std::string_view uri);

struct UnifiedUri {
  std::string vendor;
  std::string uri;  // the vendor's own
};
// Nothing when it is no URI of that form.
[[nodiscard]] std::optional<UnifiedUri> split_unified_uri(std::string_view uri);

// The string tokens (with quotes) of resource URIs in a vendor's message, for replacing: in a result of tools/call,
// prompts/get (resource links and embedded resources), resources/read (contents), and in
// notifications/resources/updated. REQUIRES: kPadding readable bytes behind `message`. Nothing found, or no such
// message: empty.
[[nodiscard]] std::vector<std::string_view> uri_tokens(std::string_view message);
// The message with every one of them mapped by unified_uri().
[[nodiscard]] std::string with_unified_uris(std::string_view message, std::string_view vendor);

}  // namespace mcp
