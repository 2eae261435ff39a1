// Which protected resources this gateway has, and what they are called: RFC 8707, RFC 9728.
// The whole gateway is <public_url>; its endpoints are <public_url>/v1/mcp and <public_url>/v1/{vendor}/mcp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/snapshot.hpp"
#include "vendor/definition.hpp"

namespace oauth {

// Canonical resource URLs, without repetition. Never empty once granted.
using Audience = std::vector<std::string>;
// As stored: separated by spaces, which no URL holds.
[[nodiscard]] std::string join(const Audience& audience);
[[nodiscard]] Audience split_audience(std::string_view text);

// Thread-safe.
class Resources {
 public:
  // `public_url` without a trailing slash; it is the issuer, byte for byte. REQUIRES: vendors outlives this.
  Resources(std::string public_url, const base::Snapshot<vendor::Definitions>& vendors);

  [[nodiscard]] const std::string& issuer() const [[clang::lifetimebound]] { return public_url_; }
  // The path of the public URL: "" at an origin's root.
  [[nodiscard]] std::string_view issuer_path() const [[clang::lifetimebound]];

  // The resource served at an endpoint's path ("", "/v1/mcp", "/v1/hudu/mcp", with or without the issuer's path);
  // nothing when no such endpoint exists.
  [[nodiscard]] std::optional<std::string> at_path(std::string_view path) const;

  // Names asked for by `resource` parameters; none means the whole gateway. One trailing slash is forgiven.
  // Errors: invalid, code invalid_target.
  [[nodiscard]] base::Result<Audience> requested(const std::vector<std::string_view>& names) const;
  // The same, within what was granted: none means all of it. Errors: invalid, code invalid_target.
  [[nodiscard]] base::Result<Audience> narrowed(const Audience& granted,
                                                const std::vector<std::string_view>& names) const;

  // "every vendor", or the vendor's display name.
  [[nodiscard]] std::string display_name(std::string_view resource) const;

 private:
  [[nodiscard]] std::optional<std::string> canonical(std::string_view text) const;
  std::string public_url_;
  const base::Snapshot<vendor::Definitions>& vendors_;
};

}  // namespace oauth
