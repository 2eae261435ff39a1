// What an HTTP answer of a vendor that is no MCP message means.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace vendor::detail {

[[nodiscard]] constexpr bool is_success(int status) { return status >= 200 && status < 300; }

struct HttpAnswer {
  int status = 0;
  std::string_view location;
  std::string_view body;      // as far as it was read; "" is fine
  bool with_session = false;  // the request carried an Mcp-Session-Id
};

// Kinds: vendor_rejected (401, 403; with the vendor's own words), not_found with code vendor.session_gone (404, or the
// 400 with which many servers answer a session they forgot), vendor_down (502, 503, 504), vendor_invalid otherwise
// (code vendor.http_refused for the rest of 4xx: the vendor works, this request does not).
[[nodiscard]] base::Error http_failure(std::string_view vendor, const HttpAnswer& answer);

// The answer has none of the two content types of the transport.
[[nodiscard]] base::Error wrong_content_type(std::string_view vendor, std::string_view content_type);

// "application/json" of "Application/JSON; charset=utf-8".
[[nodiscard]] std::string media_type(std::string_view content_type);
// The same as media_type(content_type) == type, quicker.
[[nodiscard]] bool is_media_type(std::string_view content_type, std::string_view type);

}  // namespace vendor::detail
